import process from 'node:process';
import { groups } from '../../alerts/src/groups.ts';
import { isAlert } from '../../alerts/src/rule.ts';
import { readOwnMetrics } from './prometheus.ts';

/** A rule is evaluated until this is spent, so that the clock of the processor, 10 ms, does not show. */
const measuredSeconds = 0.15;
const maxRepetitions = 8;

interface Cost {
  readonly group: string;
  readonly rule: string;
  readonly intervalSeconds: number;
  readonly series: number;
  /** Of the processor, for one evaluation. */
  readonly seconds: number;
}

/** The time of the processor that each rule takes in a VictoriaMetrics that does nothing else, the largest share first. */
export async function reportRuleCost(url: string, atSeconds: number): Promise<void> {
  const costs: Cost[] = [];
  for (const { name: group, intervalSeconds, rules } of groups) {
    for (const rule of rules) {
      const cost = await evaluate(url, rule.expr, atSeconds);
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

async function evaluate(url: string, query: string, time: number): Promise<{ series: number; seconds: number }> {
  const body = new URLSearchParams({ query, time: String(time), nocache: '1' });
  const before = await processorSeconds(url);
  let [repetitions, spent, series] = [0, 0, 0];
  while (spent < measuredSeconds && repetitions < maxRepetitions) {
    const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
    const { data, error } = (await answer.json()) as { data?: { result: unknown[] }; error?: string };
    if (data === undefined) throw new Error(`Cannot query ${query}: ${error}`);
    series = data.result.length;
    repetitions++;
    spent = (await processorSeconds(url)) - before;
  }
  return { series, seconds: spent / repetitions };
}

async function processorSeconds(url: string): Promise<number> {
  return (await readOwnMetrics(url)).get('process_cpu_seconds_total') ?? Number.NaN;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function print(...columns: readonly (string | number)[]): void {
  process.stdout.write(`${columns.join('\t')}\n`);
}
