import { conntrackTimeoutSeconds } from '../../../collectors/conntrack-metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { listStates } from '../../../readings/holders.ts';
import type { Readings } from '../../../readings/readings.ts';
import { readTable, severityOf } from '../../../readings/table.ts';
import { timeoutSetting } from '../../commands/sysctl.ts';
import type { LongTimer } from '../../facts.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';
import { defaultTimeouts } from './long-timeouts.ts';

/** With its default timer, a state with less than this part of the entries fills no table. */
const fewAtDefault = 0.05;

/** Timers that were made shorter while the table fills with something else: they cost, and do not help. */
export function timersWithoutEntries(readings: Readings): Found<'timers-without-entries'>[] {
  const table = readTable(readings);
  if (table === undefined || severityOf(table) === undefined) return [];
  const timers = shortTimers(readings);
  return timers.length === 0
    ? []
    : [
        {
          id: 'timers-without-entries',
          severity: 'info',
          subject: namespaceOf(readings),
          numbers: {},
          details: { timers },
        },
      ];
}

function shortTimers(readings: Readings): LongTimer[] {
  const states = listStates(readings);
  const all = sum(states.map(({ entries }) => entries));
  if (all === 0) return [];
  // A stream shares its state with what is no stream.
  const decisive = defaultTimeouts.filter(([protocol, state]) => protocol === 'tcp' || state === '');
  return decisive.flatMap(([protocol, state, defaultSeconds]) => {
    const presentSeconds = readings.value(conntrackTimeoutSeconds, { protocol, state });
    if (presentSeconds === undefined || presentSeconds === 0 || presentSeconds >= defaultSeconds) return [];
    const entries = sum(states.filter((one) => isOf(one, protocol, state)).map((one) => one.entries));
    // The fewer for the shorter timer: with the default they would be as many.
    const isUseless = entries * (defaultSeconds / presentSeconds) < fewAtDefault * all;
    return isUseless ? [{ setting: timeoutSetting(protocol, state), presentSeconds, defaultSeconds }] : [];
  });
}

function isOf(one: { readonly protocol: string; readonly state: string }, protocol: string, state: string): boolean {
  return one.protocol === protocol && one.state === state.toUpperCase();
}
