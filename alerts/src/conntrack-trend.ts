import { thresholds } from '../../src/identity/thresholds.ts';
import type { RuleGroup } from './rule.ts';
import { byNumber, largestHolder, machine } from './templates.ts';
import { limit, steadyRise } from './vectors.ts';

const { conntrackLeakFullIn: leak, conntrackPeakFullIn: peakGrowth, conntrackHeadroom: headroom } = thresholds;

/** Days of raw samples are dear to go through again each time: docs/scale.md. */
const recent = 'instance:conntrack_entries:max2m';
const dailyLow = 'instance:conntrack_entries:quantile10_1d';
const lowRise = 'instance:conntrack_entries:quantile10_1d_rise6h';
export const weekPeak = 'instance:conntrack_entries:max7d';
const peakRise = 'instance:conntrack_entries:max7d_rise36h';

/** What changes over days is looked at every two minutes. */
export const conntrackTrendRules: RuleGroup = {
  name: 'conntrack-trend.rules',
  intervalSeconds: 120,
  rules: [
    { record: recent, expr: 'max_over_time(conntrack_entries[2m])' },
    { record: dailyLow, expr: `quantile_over_time(0.1, ${recent}[1d])` },
    { record: lowRise, expr: steadyRise(dailyLow, 6 * 3600) },
    { record: weekPeak, expr: `max_over_time(${recent}[7d])` },
    { record: peakRise, expr: steadyRise(weekPeak, 36 * 3600) },
  ],
};

export const conntrackTrendAlerts: RuleGroup = {
  name: 'conntrack-trend.alerts',
  intervalSeconds: 120,
  rules: [
    {
      alert: 'ConntrackTableLeaking',
      severity: 'warning',
      expr: `(${limit} - conntrack_entries) * ${6 * 3600} / (${lowRise} > 0) < ${leak.warning} and (conntrack_entries offset 1d12h)`,
      forSeconds: 3600,
      keepFiringForSeconds: 6 * 3600,
      summary: 'Tracked flows accumulate: the lowest value of each day is higher than that of the day before.',
      description: `The connection tracking table of ${machine} will be full in about {{ $value | humanizeDuration }} if the number of long-lived flows continues to grow.${largestHolder}`,
    },
    {
      alert: 'ConntrackPeakGrowing',
      severity: 'warning',
      expr: `(${limit} - ${weekPeak}) * ${36 * 3600} / (${peakRise} > 0) < ${peakGrowth.warning} and ${weekPeak} / ${limit} > ${peakGrowth.used}`,
      forSeconds: 3600,
      keepFiringForSeconds: 24 * 3600,
      summary: 'The peak of the connection tracking table grows towards its limit.',
      description: `The peak of the connection tracking table of ${machine} will reach the limit in about {{ $value | humanizeDuration }} if it continues to grow as in the last three days.${largestHolder}`,
    },
    {
      alert: 'ConntrackHeadroomLow',
      severity: 'info',
      expr: `${limit} / (${weekPeak} > 0) < ${headroom.info}`,
      forSeconds: 3600,
      keepFiringForSeconds: 3600,
      summary: 'The connection tracking table has little room above its peak of the last seven days.',
      description: `The limit of ${machine} is ${byNumber('equal to', '{{ $value | humanize }} times')} its peak of the last seven days.`,
    },
  ],
};
