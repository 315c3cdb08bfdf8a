import { conntrackTimeoutSeconds } from '../../../collectors/conntrack-metrics.ts';
import { prerequisitesToolInstalled } from '../../../collectors/prerequisites/metrics.ts';
import { describeProtocol } from '../../../identity/protocol.ts';
import { time } from '../../../readings/format.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { sysctlPlan, timeoutSetting } from '../../commands/sysctl.ts';
import { type AnyFound, culpritsOf, dominantState } from '../../finding.ts';
import type { Plan, RemedyKind, Some } from '../../remedy.ts';
import type { DominantState } from '../../table-facts.ts';
import { type ShortTimer, selectableStates, shortTimers } from './state-timers.ts';

type State = Omit<DominantState, 'numbers'> & { readonly numbers: Partial<DominantState['numbers']> };

/** The timer of the state that holds most of the table. */
export const stateTimer: RemedyKind = {
  docs: 'the-timeout-of-a-state',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    const state = stateOf(readings, found);
    const short = state && shortTimers[state.setting.replace('net.netfilter.nf_conntrack_', '')];
    const from = state?.numbers.timerSeconds;
    if (state === undefined || short === undefined || from === undefined) return undefined;
    return from > short.seconds ? shortenTimer(readings, state, short, from) : shortenEntries(readings, state, from);
  },
};

function shortenTimer(readings: Readings, state: State, { seconds, tradeOff }: ShortTimer, from: number): Plan {
  const { commands, ...rest } = sysctlPlan(readings, [{ setting: state.setting, from, to: seconds }], readings.netns);
  const update = isStale(state, seconds) ? updateEntries(readings, state, seconds) : [];
  return {
    owner: 'operator',
    title: `Remove ${nameState(state)} ${time(seconds)} after their last packet instead of ${time(from)}`,
    commands: [...commands, ...update],
    ...rest,
    tradeOff: `${tradeOff} Present entries expire within ${time(update.length > 0 ? seconds : from)}.`,
    verify: [commandInNamespace(readings.netns, 'conntrack -C')],
  };
}

/** The timer is short, and entries have more time left: it was longer when they had their last packet. */
function shortenEntries(readings: Readings, state: State, timerSeconds: number): Plan | undefined {
  const [first, ...rest] = isStale(state, timerSeconds) ? updateEntries(readings, state, timerSeconds) : [];
  if (first === undefined) return undefined;
  const { longestLeftSeconds = 0 } = state.numbers;
  return {
    owner: 'operator',
    title: `Let present ${nameState(state)} expire after ${time(timerSeconds)}: they have up to ${time(longestLeftSeconds)} left from a longer timeout`,
    commands: [first, ...rest],
    tradeOff: `Entries with less time left get ${time(timerSeconds)}. ${shortTimers.tcp_timeout_close_wait?.tradeOff}`,
    undo: { none: 'The earlier remaining times cannot be restored.' },
    persistent: { none: 'Nothing to do: new entries already get the shorter timeout.' },
    verify: [commandInNamespace(readings.netns, 'conntrack -C')],
  };
}

/** Beyond this, waiting for the present entries to leave is no help. */
const patienceSeconds = 180;

function isStale({ numbers: { longestLeftSeconds, timerSeconds = 0 } }: State, wantedSeconds: number): boolean {
  const left = longestLeftSeconds ?? timerSeconds;
  return left >= patienceSeconds && left > 2 * wantedSeconds;
}

/** Open connections in use stay, whatever their timer is. Nor does a timer stop what a remedy of its own is for. */
function stateOf(readings: Readings, found: AnyFound): State | undefined {
  if (found.id === 'conntrack-dead-connections') return stateOfTcp(readings, 'ESTABLISHED');
  if (found.id === 'conntrack-answered-syn-flood') return stateOfTcp(readings, 'SYN_RECV');
  const dominant = dominantState(found);
  if (dominant === undefined || holdsReplies(found)) return undefined;
  if (dominant.state === 'ESTABLISHED' && !hasDead(found, dominant)) return undefined;
  return isUnrepliedTimer(dominant) && culpritsOf(found).length > 0 ? undefined : dominant;
}

/** Requests and replies take different ways: with any timer, entries of replies alone come again. */
function holdsReplies({ details }: AnyFound): boolean {
  return 'opener' in details && details.opener?.details.sendsReplies === true;
}

function stateOfTcp(readings: Readings, state: string): State {
  const timerSeconds = readings.value(conntrackTimeoutSeconds, { protocol: 'tcp', state: state.toLowerCase() });
  return {
    protocol: 'tcp',
    state,
    setting: timeoutSetting('tcp', state.toLowerCase()),
    numbers: known({ timerSeconds }),
  };
}

function hasDead(found: AnyFound, { numbers: { presentEntries, idleEntries = 0 } }: DominantState): boolean {
  return idleEntries > presentEntries / 2 || culpritsOf(found).some(({ verdict }) => verdict === 'dead_connections');
}

function isUnrepliedTimer({ setting }: DominantState): boolean {
  return /(_syn_sent|_(udp|icmp|icmpv6|gre)_timeout)$/.test(setting);
}

function nameState({ protocol, state }: State): string {
  return state === '' ? `${describeProtocol(protocol)} flows` : `${state} connections`;
}

/** Entries keep the time that they were given with their last packet. The update ends with an error where there is none. */
function updateEntries(readings: Readings, { protocol, state }: State, seconds: number): string[] {
  const isInstalled = readings.value(prerequisitesToolInstalled, { tool: 'conntrack' }) !== 0;
  if (protocol !== 'tcp' || !selectableStates.has(state) || !isInstalled) return [];
  const families: Some<string> = ['ipv4', 'ipv6'];
  return families.map((family) => {
    const update = `conntrack -U -f ${family} -p tcp --state ${state} -t ${seconds}`;
    return `${commandInNamespace(readings.netns, update)} >/dev/null || true`;
  });
}
