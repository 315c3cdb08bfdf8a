import { ethtoolConntrackAllowanceAvailable } from '../../src/collectors/ethtool-metrics.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import type { RuleGroup } from './rule.ts';
import { counted, perSecond } from './templates.ts';
import { steadyFall } from './vectors.ts';

const { ofDay, emptyIn } = thresholds.upstreamAllowance;
const { name: available } = ethtoolConntrackAllowanceAvailable;
const fallSeconds = 60;

const low = {
  alert: 'IpvsUpstreamAllowanceLow',
  summary: 'EC2 can track only a few more connections of an instance.',
  description:
    `EC2 can track only ${counted('more connection', 'more connections')} of {{ $labels.instance }} ({{ $labels.interface }}). ` +
    'At 0, new connections fail.',
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
      summary: 'EC2 drops packets of an instance that has reached its allowance of tracked connections.',
      description:
        `EC2 drops ${perSecond('packet', 'packets')} of {{ $labels.instance }} ({{ $labels.interface }}): ` +
        'the instance has reached its allowance of tracked connections, so new connections fail.',
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
