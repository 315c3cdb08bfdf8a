import process from 'node:process';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import type { VictoriaMetrics } from '../../scripts/victoria-metrics.ts';
import { cpuMilliseconds } from '../exporter-cost.ts';

type Database = Pick<VictoriaMetrics, 'url' | 'process'>;

const repetitions = 5;

interface Cost {
  readonly group: string;
  readonly rule: string;
  readonly intervalSeconds: number;
  readonly series: number;
  /** Of the processor, for one evaluation. */
  readonly seconds: number;
}

/** The time of the processor that each rule takes in a VictoriaMetrics that does nothing else, the largest share first. */
export async function reportRuleCost(database: Database, atSeconds: number): Promise<void> {
  const costs: Cost[] = [];
  for (const { name: group, intervalSeconds, rules } of groups) {
    for (const rule of rules) {
      const cost = await evaluate(database, rule.expr, atSeconds);
      costs.push({
        group,
        rule: isAlert(rule) ? `${rule.alert} ${rule.severity}` : rule.record,
        intervalSeconds,
        ...cost,
      });
    }
  }
  const share = ({ seconds, intervalSeconds }: Cost) => seconds / intervalSeconds;
  const total = costs.reduce((sum, cost) => sum + share(cost), 0);
  print('\ngroup', 'rule', 'every s', 'series', 'CPU ms', 'of one processor');
  for (const cost of costs.sort((one, other) => share(other) - share(one))) {
    const { group, rule, intervalSeconds, series, seconds } = cost;
    print(group, rule, intervalSeconds, series, (seconds * 1000).toFixed(1), percent(share(cost)));
  }
  print('all rules', '', '', '', '', percent(total));
}

/** After a first evaluation, which fills the caches. Whatever else VictoriaMetrics does then counts, too. */
async function evaluate(database: Database, query: string, time: number): Promise<{ series: number; seconds: number }> {
  const series = await ask(database.url, query, time);
  const before = cpuMilliseconds(database.process);
  for (let repetition = 0; repetition < repetitions; repetition++) await ask(database.url, query, time);
  return { series, seconds: (cpuMilliseconds(database.process) - before) / 1000 / repetitions };
}

/** How many series answer. */
async function ask(url: string, query: string, time: number): Promise<number> {
  const body = new URLSearchParams({ query, time: String(time), nocache: '1' });
  const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
  const { data, error } = (await answer.json()) as { data?: { result: unknown[] }; error?: string };
  if (data === undefined) throw new Error(`Cannot query ${query}: ${error}`);
  return data.result.length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function print(...columns: readonly (string | number)[]): void {
  process.stdout.write(`${columns.join('\t')}\n`);
}
