import { confirmedFullInSeconds, fullInSeconds } from '../../src/collectors/conntrack-table/metrics.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import { weekPeak } from './conntrack-trend.ts';
import { duration } from './duration.ts';
import type { AlertRule, RuleGroup } from './rule.ts';
import { largestHolder, machine } from './templates.ts';
import { limit, steadyRise } from './vectors.ts';

const {
  conntrackUsed: used,
  conntrackEquilibrium: settles,
  conntrackFullIn: fullIn,
  conntrackFullInAgreed: agreed,
  conntrackUsedToBelieveOneScan: usedToBelieve,
  conntrackRising: rising,
  conntrackHigher: higher,
} = thresholds;

const { name: foretold } = fullInSeconds;
const { name: confirmed } = confirmedFullInSeconds;

const fullSoon = {
  alert: 'ConntrackTableFullSoon',
  summary: 'The connection tracking table will be full soon.',
  description:
    `The connection tracking table of ${machine} {{ if gt $value 0.0 }}will be full in about {{ $value | printf "%.0f" | humanizeDuration }} ` +
    `if flows continue to arrive as they do now{{ else }}is full{{ end }}.${largestHolder}`,
} as const;

/**
 * It looks at raw metrics alone, so that no other group delays it, and often: seconds count. It has no `for`. The less
 * time is left, the fewer scans have to agree. Whether several of them do is computed by the exporter: a rule does not
 * have their schedule, and of frequent scans some are never scraped.
 */
export const conntrackFullSoonAlerts: RuleGroup = {
  name: 'conntrack-full-soon.alerts',
  intervalSeconds: 5,
  rules: [
    {
      ...fullSoon,
      severity: 'critical',
      expr: `(
  (${foretold} < ${agreed.oneScan} and conntrack_entries / ${limit} > ${usedToBelieve})
or
  (${foretold} and ${confirmed} < ${agreed.severalScans})
or
  (${foretold} and ${confirmed} < ${agreed.fiveMinutes} and max_over_time(${foretold}[5m]) < ${fullIn.critical} and (${foretold} offset 5m))
)
and conntrack_entries_limit > 0`,
      keepFiringForSeconds: 120,
    },
    {
      ...fullSoon,
      severity: 'warning',
      expr: `${foretold} < ${fullIn.warning} and conntrack_entries_limit > 0`,
      forSeconds: 900,
      keepFiringForSeconds: 900,
    },
  ],
};

const usedRatio = 'instance:conntrack_entries:limit_ratio';
const settledRatio = 'instance:conntrack_equilibrium_entries:limit_ratio_avg2m';
const settledRise = 'instance:conntrack_equilibrium_entries:limit_ratio_rise3m';
const averageSeconds = 120;
const riseSeconds = 180;

export const conntrackFullnessRules: RuleGroup = {
  name: 'conntrack-fullness.rules',
  intervalSeconds: 15,
  rules: [
    { record: usedRatio, expr: `conntrack_entries / ${limit}` },
    {
      record: settledRatio,
      expr: `avg_over_time(conntrack_equilibrium_entries[${duration(averageSeconds)}]) / ${limit}`,
    },
    { record: settledRise, expr: steadyRise(settledRatio, riseSeconds, averageSeconds) },
  ],
};

/**
 * The highest that the table was before the last half hour. A week that it was full in shows nothing of what it can take:
 * then the hour before counts; and of a table that is new to Prometheus, what is known of it.
 */
const highBefore = [
  `${weekPeak} offset ${duration(higher.seconds)} / ${limit} < ${higher.full}`,
  `max_over_time(${usedRatio}[1h] offset ${duration(higher.seconds)})`,
  `max_over_time(${usedRatio}[25m] offset 5m)`,
].join(' or ');

const nearlyFull = {
  alert: 'ConntrackTableNearlyFull',
  summary: 'The connection tracking table is nearly full.',
  description: `The connection tracking table of ${machine} is {{ $value | humanizePercentage }} full.${largestHolder}`,
} as const;

export const conntrackFullnessAlerts: RuleGroup = {
  name: 'conntrack-fullness.alerts',
  intervalSeconds: 15,
  rules: [
    equilibriumRising('critical', 180),
    equilibriumRising('warning', 180),
    {
      alert: 'ConntrackEquilibriumHigh',
      severity: 'warning',
      expr: `conntrack_equilibrium_entries / ${limit} > ${settles.warning}`,
      forSeconds: 300,
      keepFiringForSeconds: 900,
      summary: 'The connection tracking table settles close to its limit at the present rates.',
      description: `At the present rates the connection tracking table of ${machine} settles at {{ $value | humanizePercentage }} of its limit.${largestHolder}`,
    },
    {
      ...nearlyFull,
      severity: 'critical',
      // A table that has long been at this level takes what comes: only a new high is a reason to act at once.
      expr: `${usedRatio} > ${used.critical} and (max_over_time(${usedRatio}[2m]) - (${highBefore})) * ${higher.within / higher.seconds} > 1 - ${usedRatio}`,
      forSeconds: 60,
      keepFiringForSeconds: 300,
    },
    {
      ...nearlyFull,
      severity: 'warning',
      // The garbage collector passes within 60 s: the most of two minutes is not one of its low points.
      expr: `max_over_time(${usedRatio}[2m]) > ${used.warning}`,
      forSeconds: 300,
      keepFiringForSeconds: 600,
    },
  ],
};

/**
 * No page for a rise that slows down and would come to a level below the limit: the rise of each five minutes is the
 * same part of that of the five before, so that all to come are a geometric series. Nor for one that the forecast puts
 * later.
 */
function goesOn(within: number): string {
  const ago = (times: number) => `(${settledRatio} offset ${duration(times * (riseSeconds + averageSeconds))})`;
  const [earlier, later] = [`(${ago(1)} - ${ago(2)})`, `(${settledRatio} - ${ago(1)})`];
  return ` and ${later} ^ 2 > clamp_min(1 - ${settledRatio}, 0) * (${earlier} - ${later}) unless (${foretold} > ${within} and ${foretold} < Inf)`;
}

function equilibriumRising(severity: 'critical' | 'warning', forSeconds: number): AlertRule {
  const { equilibrium, within } = rising[severity];
  return {
    alert: 'ConntrackEquilibriumRising',
    severity,
    expr: `clamp_min(1 - ${settledRatio}, 0) * ${riseSeconds} / (${settledRise} > ${rising.least}) < ${within} and ${settledRatio} > ${equilibrium}${severity === 'critical' ? goesOn(within) : ''}`,
    forSeconds,
    keepFiringForSeconds: 600,
    summary: 'The connection tracking table will be full if its load continues to rise.',
    description:
      `In about {{ $value | humanizeDuration }}, the connection tracking table of ${machine} will settle above its limit ` +
      `if the rate of new flows continues to rise as in the last ten minutes.${largestHolder}`,
  };
}
