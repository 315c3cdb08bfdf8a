import { setTimeout as sleep } from 'node:timers/promises';
import { type RuleTime, readOwnMetrics, readRuleTimes } from './prometheus.ts';

/** How often Prometheus is asked: more often than it evaluates any group. */
const pollSeconds = 2.5;

export interface Watched {
  /** Prometheus' own metrics at the end. */
  readonly metrics: ReadonlyMap<string, number>;
  /** Processors that it had in use all the while. */
  readonly processors: number;
  readonly rules: readonly WatchedRule[];
}

export interface WatchedRule {
  readonly group: string;
  /** With the severity of an alert. */
  readonly title: string;
  readonly activeAlerts: number;
  readonly evaluations: number;
  readonly minSeconds: number;
  readonly medianSeconds: number;
}

/** Notes how long each evaluation of each rule takes. */
export async function watchRules(url: string, seconds: number): Promise<Watched> {
  const cpu = 'process_cpu_seconds_total';
  const before = await readOwnMetrics(url);
  const evaluations = new Map<string, Map<string, RuleTime>>();
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    // A rule that was not evaluated yet took no time.
    const rules = (await readRuleTimes(url)).filter((one) => one.seconds > 0);
    for (const one of rules) {
      const key = `${one.group} ${one.name} ${one.severity}`;
      evaluations.set(key, (evaluations.get(key) ?? new Map()).set(one.at, one));
    }
    await sleep(pollSeconds * 1000);
  }
  const metrics = await readOwnMetrics(url);
  const processors = ((metrics.get(cpu) ?? Number.NaN) - (before.get(cpu) ?? Number.NaN)) / seconds;
  return { metrics, processors, rules: [...evaluations.values()].map(summarize) };
}

function summarize(times: ReadonlyMap<string, RuleTime>): WatchedRule {
  const all = [...times.values()];
  const sorted = all.map(({ seconds }) => seconds).sort((one, other) => one - other);
  const { group = '', name = '', severity = '', activeAlerts = 0 } = all.at(-1) ?? {};
  return {
    group,
    title: `${name} ${severity}`.trim(),
    activeAlerts,
    evaluations: sorted.length,
    minSeconds: sorted[0] ?? Number.NaN,
    medianSeconds: sorted[sorted.length >> 1] ?? Number.NaN,
  };
}
