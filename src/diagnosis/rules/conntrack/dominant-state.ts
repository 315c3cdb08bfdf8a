import { conntrackTimeoutSeconds } from '../../../collectors/conntrack-metrics.ts';
import { stateIdle, stateLongestLeft, tableEntries } from '../../../collectors/conntrack-table/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { listStates, readLargestHolder, type StateHolding } from '../../../readings/holders.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import { timeoutSetting } from '../../commands/sysctl.ts';
import type { DominantState } from '../../table-facts.ts';

/** Less than this part of the table, and its timer decides nothing. */
const minShare = 0.5;

/** The state that most entries are in. */
export function findDominantState(readings: Readings): DominantState | undefined {
  const states = listStates(readings);
  const [largest] = states;
  if (largest === undefined || largest.entries < minShare * sum(states.map(({ entries }) => entries))) {
    return undefined;
  }
  const { protocol, state, entries } = largest;
  const timer = isOneSided(readings, largest) ? { protocol, state: 'unacknowledged' } : timerOf(largest);
  const numbers = known({
    timerSeconds: readings.value(conntrackTimeoutSeconds, timer),
    idleEntries: readings.value(stateIdle, { protocol, state }),
    longestLeftSeconds: readings.value(stateLongestLeft, { protocol, state }),
  });
  const setting = timeoutSetting(timer.protocol, timer.state);
  const holder = readLargestHolder(readings);
  // Protocols without states all have the empty one.
  const isHolder = holder?.kind === 'state' && holder.protocol === protocol && holder.state === state;
  const port = isHolder ? holder.port : '';
  return { protocol, state, ...(port !== '' && { port }), setting, numbers: { presentEntries: entries, ...numbers } };
}

/** An open connection of which no reply was seen stays for five minutes, not for days. */
function isOneSided(readings: Readings, { protocol, state, entries }: StateHolding): boolean {
  if (protocol !== 'tcp' || state !== 'ESTABLISHED') return false;
  const unreplied = readings.all(tableEntries, { protocol, state, replied: 'no' }).map(({ value }) => value);
  return sum(unreplied) >= entries / 2;
}

/** Protocols with a longer timer for assured flows. */
const streamProtocols: ReadonlySet<string> = new Set(['udp', 'gre']);
const protocolsWithTimers: ReadonlySet<string> = new Set(['tcp', 'udp', 'gre', 'icmp', 'icmpv6', 'sctp', 'dccp']);

function timerOf({ protocol, state, entries, assuredEntries }: StateHolding): { protocol: string; state: string } {
  if (!protocolsWithTimers.has(protocol)) return { protocol: 'generic', state: '' };
  const isStream = streamProtocols.has(protocol) && assuredEntries > entries / 2;
  return { protocol, state: isStream ? 'stream' : state.toLowerCase() };
}
