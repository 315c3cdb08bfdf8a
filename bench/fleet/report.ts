import process from 'node:process';
import type { Watched, WatchedRule } from './watch.ts';

/** Number of the slowest rules in the report. */
const slowest = 12;

const print = (...columns: readonly (string | number)[]) => process.stdout.write(`${columns.join('\t')}\n`);

export function report(title: string, { metrics, processors, rules }: Watched): void {
  const value = (name: string) => metrics.get(name) ?? Number.NaN;
  const active = rules.filter(({ activeAlerts }) => activeAlerts > 0);
  print(`\n${title}`);
  print('head series', value('prometheus_tsdb_head_series'));
  print('resident MiB', (value('process_resident_memory_bytes') / 2 ** 20).toFixed(0));
  print('processors in use', processors.toFixed(2));
  print('alerts active', active.map((one) => `${one.title} ${one.activeAlerts}`).join(', ') || 'none');
  reportGroups(metrics, rules);
  reportRules(rules);
}

function reportGroups(metrics: ReadonlyMap<string, number>, rules: readonly WatchedRule[]): void {
  print('\ngroup', 'interval s', 'last s', 'shortest s', 'median s', 'of interval', 'missed');
  let load = 0;
  for (const [group, interval] of groupsOf(metrics)) {
    const own = rules.filter((rule) => group.endsWith(`;${rule.group}`));
    const shortest = sum(own.map(({ minSeconds }) => minSeconds));
    const median = sum(own.map(({ medianSeconds }) => medianSeconds));
    const last = metrics.get(`prometheus_rule_group_last_duration_seconds{rule_group="${group}"}`) ?? Number.NaN;
    const missed = metrics.get(`prometheus_rule_group_iterations_missed_total{rule_group="${group}"}`) ?? Number.NaN;
    const times = [last, shortest, median].map((seconds) => seconds.toFixed(4));
    print(group.split(';')[1] ?? group, interval, ...times, percent(shortest / interval), missed);
    load += shortest / interval;
  }
  print('all', '', '', '', '', `${percent(load)} of one processor`);
}

function reportRules(rules: readonly WatchedRule[]): void {
  print('\nrule', 'shortest ms', 'median ms', 'evaluations');
  const sorted = [...rules].sort((one, other) => other.minSeconds - one.minSeconds);
  for (const { title, minSeconds, medianSeconds, evaluations } of sorted.slice(0, slowest)) {
    print(title, (minSeconds * 1000).toFixed(2), (medianSeconds * 1000).toFixed(2), evaluations);
  }
}

/** The groups, each as `FILE;NAME`, with their intervals in seconds. */
function groupsOf(metrics: ReadonlyMap<string, number>): [string, number][] {
  return [...metrics].flatMap(([series, value]): [string, number][] => {
    const [, group] = /^prometheus_rule_group_interval_seconds\{rule_group="(.*)"\}$/.exec(series) ?? [];
    return group === undefined ? [] : [[group, value]];
  });
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(2)} %`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
