import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { parseDuration } from '../../src/parsers/duration.ts';
import type { InputSeries } from './series.ts';

/** Rules as a file, and what the evaluation needs of it. */
export interface Rules {
  readonly text: string;
  /** Seconds between two evaluations of the group that an alert is in. */
  readonly intervals: ReadonlyMap<string, number>;
}

interface RuleGroup {
  readonly interval?: string;
  readonly rules: readonly { readonly alert?: string }[];
}

/** For groups that have none: as is usual with scrapes every 15 s. */
const defaultInterval = '15s';

/** Takes the groups from files that are about connection tracking. Nothing else is simulated. */
export async function readRules(paths: readonly string[]): Promise<Rules> {
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  const all: readonly RuleGroup[] = texts.flatMap((text) => parse(text).groups);
  const groups = all.filter((group) => JSON.stringify(group).includes('conntrack_'));
  const intervals = groups.flatMap(({ interval = defaultInterval, rules }) =>
    rules.flatMap(({ alert }) => (alert === undefined ? [] : [[alert, parseDuration(interval) ?? 0] as const])),
  );
  return { text: stringify({ groups }, { lineWidth: 0 }), intervals: new Map(intervals) };
}

/** What Prometheus scraped, and how it evaluates. The first scrape and the first evaluation are at 0 of its clock. */
export interface Evaluation {
  readonly series: readonly InputSeries[];
  readonly scrapeSeconds: number;
  readonly evaluationSeconds: number;
  readonly evaluations: number;
}

/** The alerts of a name, a severity and a rival that fire, taken together. */
export interface Firing {
  readonly alert: string;
  readonly severity: string;
  readonly rival: string;
  /** Evaluations at which they do, in seconds of Prometheus' clock. */
  readonly at: readonly number[];
}

const question = 'group by (alertname, severity, rival) (ALERTS{alertstate="firing"})';

/**
 * Evaluates the rules as Prometheus does, with `for` and `keep_firing_for`, and returns what fires at each evaluation.
 * promtool compares the result of a query with the expected one and prints the difference: nothing is expected here.
 */
export async function evaluate(rules: Rules, evaluation: Evaluation): Promise<Firing[]> {
  const { series, scrapeSeconds, evaluationSeconds, evaluations } = evaluation;
  const times = Array.from({ length: evaluations }, (_, index) => index * evaluationSeconds);
  const test = {
    rule_files: ['rules.yml'],
    evaluation_interval: `${evaluationSeconds}s`,
    tests: [
      {
        interval: `${scrapeSeconds}s`,
        input_series: series,
        promql_expr_test: times.map((time) => ({ expr: question, eval_time: `${time}s` })),
      },
    ],
  };
  return readFirings(await runPromtool(rules.text, stringify(test, { lineWidth: 0 })));
}

async function runPromtool(rules: string, test: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-race-'));
  try {
    const file = join(folder, 'test.yml');
    await writeFile(join(folder, 'rules.yml'), rules);
    await writeFile(file, test);
    return await new Promise((take) => {
      execFile('promtool', ['test', 'rules', file], { maxBuffer: 2 ** 28 }, (_, stdout, stderr) =>
        take(stdout + stderr),
      );
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function readFirings(output: string): Firing[] {
  const answers = [...output.matchAll(/time: (\S+),\n\s+exp: nil\n\s+got: (.*)/g)];
  if (answers.length === 0 && !output.includes('SUCCESS')) throw new Error(`promtool failed: ${output}`);
  const firings = new Map<string, number[]>();
  for (const [, time = '', got = ''] of answers) {
    for (const [, labels = ''] of got.matchAll(/\{([^}]*)\}/g)) {
      const at = firings.get(labels) ?? [];
      firings.set(labels, at);
      at.push(parseDuration(time) ?? Number.NaN);
    }
  }
  return [...firings].map(([labels, at]) => ({
    alert: label(labels, 'alertname'),
    severity: label(labels, 'severity'),
    rival: label(labels, 'rival'),
    at,
  }));
}

function label(labels: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
}
