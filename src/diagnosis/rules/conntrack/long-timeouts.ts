import { conntrackEntriesLimit, conntrackTimeoutSeconds } from '../../../collectors/conntrack-metrics.ts';
import { tableEntries } from '../../../collectors/conntrack-table/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { runsKubeProxy } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import { readTable, severityOf } from '../../../readings/table.ts';
import { timeoutSetting } from '../../commands/sysctl.ts';
import type { LongTimer } from '../../facts.ts';
import type { Found } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';

/** What the kernel has by default, in seconds, of the timers that decide how long one-way and ended flows stay. */
export const defaultTimeouts: readonly (readonly [protocol: string, state: string, seconds: number])[] = [
  ['tcp', 'syn_sent', 120],
  ['tcp', 'syn_recv', 60],
  ['tcp', 'established', 432_000],
  ['tcp', 'fin_wait', 120],
  ['tcp', 'close_wait', 60],
  ['tcp', 'last_ack', 30],
  ['tcp', 'time_wait', 120],
  ['tcp', 'close', 10],
  ['tcp', 'max_retrans', 300],
  ['tcp', 'unacknowledged', 300],
  ['udp', '', 30],
  // 180 before Linux 5.0.
  ['udp', 'stream', 180],
  ['icmp', '', 30],
  ['icmpv6', '', 30],
  ['generic', '', 600],
];

/** What kube-proxy sets CLOSE_WAIT to, unless it is configured otherwise. */
const closeWaitOfKubeProxy = 3600;
const notableRatio = 0.1;

/** kube-proxy has its reasons, as long as few entries are in that state. */
function usualSeconds(readings: Readings, state: string, defaultSeconds: number): number {
  if (state !== 'close_wait' || !runsKubeProxy(readings)) return defaultSeconds;
  const waiting = readings.all(tableEntries, { state: 'CLOSE_WAIT' }).map(({ value }) => value);
  const isNotable = sum(waiting) >= notableRatio * (readings.value(conntrackEntriesLimit) ?? Number.POSITIVE_INFINITY);
  return isNotable ? defaultSeconds : closeWaitOfKubeProxy;
}

/** Timers that were made longer. */
export function longTimeouts(readings: Readings): Found<'long-timeouts'>[] {
  const timers = defaultTimeouts.flatMap(([protocol, state, defaultSeconds]): LongTimer[] => {
    const presentSeconds = readings.value(conntrackTimeoutSeconds, { protocol, state });
    return presentSeconds !== undefined && presentSeconds > usualSeconds(readings, state, defaultSeconds)
      ? [{ setting: timeoutSetting(protocol, state), presentSeconds, defaultSeconds }]
      : [];
  });
  if (timers.length === 0) return [];
  const table = readTable(readings);
  const severity = table && severityOf(table) ? 'warning' : 'info';
  return [{ id: 'long-timeouts', severity, subject: namespaceOf(readings), numbers: {}, details: { timers } }];
}
