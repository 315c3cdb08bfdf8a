import { conntrackTimeoutSeconds } from '../../collectors/conntrack-metrics.ts';
import { time } from '../../readings/format.ts';
import type { Readings } from '../../readings/readings.ts';
import { readTable, urgencyOf } from '../../readings/table.ts';
import type { Finding } from '../finding.ts';
import { inNamespace } from '../remedies/shell.ts';
import { timeoutSetting } from '../remedies/timers.ts';

/** What the kernel has by default, in seconds, of the timers that decide how long half-seen and ended flows stay. */
const defaults: readonly (readonly [protocol: string, state: string, seconds: number])[] = [
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

/** Timers that somebody made longer. */
export function longTimeouts(readings: Readings): Finding[] {
  const longer = defaults.flatMap(([protocol, state, seconds]) => {
    const present = readings.value(conntrackTimeoutSeconds, { protocol, state });
    return present !== undefined && present > seconds
      ? [{ setting: timeoutSetting(protocol, state), present, seconds }]
      : [];
  });
  if (longer.length === 0) return [];
  const table = readTable(readings);
  const write = (name: string, value: number) => inNamespace(readings.netns, `sysctl -w ${name}=${value}`);
  return [
    {
      id: 'long-timeouts',
      subject: readings.netns ?? '',
      urgency: table && urgencyOf(table) ? 'warning' : 'info',
      title: 'Tracked flows stay longer than by the defaults of the kernel',
      evidence: longer.map(
        ({ setting, present, seconds }) => `${setting} is ${time(present)}, by default ${time(seconds)}`,
      ),
      consequence: 'Entries stay in the table for the time of their timer: twice the time, twice the entries.',
      remedies: [
        {
          title: 'The defaults of the kernel',
          by: 'operator',
          commands: longer.map(({ setting, seconds }) => write(setting, seconds)),
          tradeOff: 'Connections that are idle for longer than their timer are no longer known to stateful rules.',
          undo: longer.map(({ setting, present }) => write(setting, present)),
        },
      ],
      runbook: undefined,
    },
  ];
}
