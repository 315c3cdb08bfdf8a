import { ethtoolConntrackAllowanceAvailable } from '../../src/collectors/ethtool-metrics.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import type { RuleGroup } from './rule.ts';
import { steadyFall } from './vectors.ts';

const { ofDay, emptyIn } = thresholds.upstreamAllowance;
const { name: available } = ethtoolConntrackAllowanceAvailable;
const fallSeconds = 60;

const low = {
  alert: 'IpvsUpstreamAllowanceLow',
  summary: 'The network of EC2 can track few further connections for an instance.',
  description:
    'The network of EC2 can track {{ $value | humanize }} more connections for {{ $labels.instance }} ({{ $labels.interface }}). At 0, new connections fail.',
} as const;

export const upstreamAllowanceAlerts: RuleGroup = {
  name: 'upstream-allowance.alerts',
  intervalSeconds: 15,
  rules: [
    {
      alert: 'IpvsUpstreamAllowanceExceeded',
      severity: 'critical',
      expr: 'rate(ethtool_allowance_exceeded_total{allowance="conntrack"}[1m]) > 0',
      forSeconds: 30,
      keepFiringForSeconds: 300,
      summary: 'The network of EC2 drops packets, because it tracks as many connections as it allows an instance.',
      description:
        'The network of EC2 drops {{ $value | humanize }} packets per second of {{ $labels.instance }} ({{ $labels.interface }}): it can track no further connections for this instance.',
    },
    {
      ...low,
      severity: 'critical',
      expr: `${available} <= ${emptyIn / fallSeconds} * (${steadyFall(available, fallSeconds)})`,
      forSeconds: 60,
      keepFiringForSeconds: 300,
    },
    {
      ...low,
      severity: 'warning',
      expr: `${available} < ${ofDay} * max_over_time(${available}[1d])`,
      forSeconds: 900,
      keepFiringForSeconds: 900,
    },
  ],
};
