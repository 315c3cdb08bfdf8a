import { setTimeout as sleep } from 'node:timers/promises';
import { forecastTable } from '../../src/flows/forecast/forecast.ts';
import { observe, type ScanHistory } from '../../src/flows/forecast/history.ts';
import { outlooksOf } from '../../src/flows/forecast/outlook.ts';
import { followFlows, type Turnover } from '../../src/flows/forecast/turnover/turnover.ts';
import { withLaboratory } from './namespace.ts';
import { scan } from './scan.ts';
import type { RateSegment } from './schedule.ts';

interface Scenario {
  readonly name: string;
  readonly kind: 'syn' | 'connection';
  readonly schedule: readonly RateSegment[];
  readonly limit: number;
  readonly synSentSeconds: number;
}

const scenarios: readonly Scenario[] = [
  {
    name: 'step from 50 to 400/s, full before the first of them expires',
    kind: 'syn',
    schedule: [
      [30, 50, 50],
      [90, 400, 400],
    ],
    limit: 20_000,
    synSentSeconds: 120,
  },
  {
    name: 'step from 50 to 400/s, timeout 30 s: settles below the limit',
    kind: 'syn',
    schedule: [
      [30, 50, 50],
      [150, 400, 400],
    ],
    limit: 25_000,
    synSentSeconds: 30,
  },
  {
    name: 'ramp from 20 to 500/s in two minutes',
    kind: 'syn',
    schedule: [
      [120, 20, 500],
      [60, 500, 500],
    ],
    limit: 25_000,
    synSentSeconds: 120,
  },
  {
    name: 'leak of 30 connections a second that stay open',
    kind: 'connection',
    schedule: [[225, 30, 30]],
    limit: 6_000,
    synSentSeconds: 120,
  },
];

const intervalSeconds = 5;

interface Reading {
  readonly second: number;
  readonly count: number;
  readonly equilibriumEntries: number;
  readonly fullInSeconds: number;
}

/** All scenarios at a time, each in a namespace of its own. When one fails, the others go on to their end and clean up. */
export async function compareForecasts(print: (line: string) => void): Promise<void> {
  const results = await Promise.allSettled(scenarios.map(watch));
  scenarios.forEach((scenario, index) => {
    const result = results[index];
    if (result?.status === 'fulfilled') report(scenario, result.value, print);
    else print(`\n${scenario.name}: ${result?.reason}`);
  });
}

async function watch({ kind, schedule, limit, synSentSeconds }: Scenario, index: number): Promise<Reading[]> {
  const timeouts = new Map([
    ['nf_conntrack_tcp_timeout_syn_sent', synSentSeconds],
    ['nf_conntrack_tcp_timeout_established', 432_000],
  ]);
  const readings: Reading[] = [];
  await withLaboratory(`forecast-${index}`, async ({ namespace, set, send }) => {
    set('nf_conntrack_tcp_timeout_syn_sent', synSentSeconds);
    const { begun } = send(kind, schedule);
    while (begun.length === 0) await sleep(10);
    const start = performance.now() - 1000;
    const end = schedule.reduce((total, [seconds]) => total + seconds, 0);
    let history: ScanHistory = [];
    let turnover: Turnover | undefined;
    for (let second = intervalSeconds; second <= end; second += intervalSeconds) {
      await sleep(start + second * 1000 - performance.now());
      const { census, count, sample } = await scan(namespace, timeouts, { sampled: turnover?.sample });
      turnover = followFlows(turnover, { atSeconds: second, census, timeouts, sample, undisturbed: true });
      const present = { atSeconds: second, census, evicted: 0, outlooks: outlooksOf(census, turnover) };
      history = observe(history, present);
      readings.push({ second, count, ...forecastTable(present, limit, history) });
    }
  });
  return readings;
}

function report({ name, limit }: Scenario, readings: readonly Reading[], print: (line: string) => void): void {
  const full = fullAt(readings, limit);
  const most = Math.max(...readings.map(({ count }) => count));
  print(
    `\n${name}; limit ${limit}: ${full === undefined ? `never full, ${most} entries at most` : `full after ${full.toFixed(0)} s`}`,
  );
  print('second  count  settles at  forecast: full in  really in  error');
  for (const { second, count, equilibriumEntries, fullInSeconds } of readings) {
    if (second % 15 !== 0 || (full !== undefined && second > full)) continue;
    const really = full === undefined ? Number.POSITIVE_INFINITY : full - second;
    const error = fullInSeconds === really ? 0 : Math.round(fullInSeconds - really) + 0;
    print(
      [second, count, ...[equilibriumEntries, fullInSeconds, really, error].map((value) => value.toFixed(0))].join(
        '\t',
      ),
    );
  }
}

/** When the count passed the limit, between two readings in a straight line. */
function fullAt(readings: readonly Reading[], limit: number): number | undefined {
  const index = readings.findIndex(({ count }) => count >= limit);
  const [before, after] = [readings[index - 1], readings[index]];
  if (before === undefined || after === undefined) return undefined;
  return before.second + ((limit - before.count) / (after.count - before.count)) * (after.second - before.second);
}
