import { setTimeout as sleep } from 'node:timers/promises';
import { type SenderKind, withLaboratory } from '../../bench/flows/namespace.ts';
import { scan } from '../../bench/flows/scan.ts';
import { type Holder, largestHolder } from '../../src/flows/census/holders.ts';
import { estimateArrivals } from '../../src/flows/forecast/arrivals.ts';
import type { Forecast } from '../../src/flows/forecast/course.ts';
import { forecastTable } from '../../src/flows/forecast/forecast.ts';
import { observe, type ScanHistory } from '../../src/flows/forecast/history.ts';
import { outlooksOf } from '../../src/flows/forecast/outlook.ts';
import { followFlows, type Turnover } from '../../src/flows/forecast/turnover/turnover.ts';
import { timeouts } from './simulated-table.ts';

export interface Course {
  readonly kind: SenderKind;
  readonly perSecond: number;
  readonly flows?: number;
  readonly limit: number;
  readonly settings?: Readonly<Record<string, number>>;
  readonly seconds?: number;
  readonly intervalSeconds?: number;
}

export interface Seen extends Forecast {
  readonly second: number;
  /** From then to the end of the reading. On an idle machine next to nothing. */
  readonly lagSeconds: number;
  readonly live: number;
  readonly arrivals: number;
  readonly holder: Holder | undefined;
}

/** What is forecast of a real table that a sender fills. */
export async function watchKernel({ kind, perSecond, flows, settings = {}, seconds = 40, ...course }: Course) {
  let seen: Seen[] = [];
  await withLaboratory(`forecast-${kind}`, async (laboratory) => {
    for (const [name, value] of Object.entries(settings)) laboratory.set(name, value);
    const { begun } = laboratory.send(kind, [[seconds + 10, perSecond, perSecond]], flows);
    while (begun.length === 0) await sleep(10);
    seen = await watchTable(laboratory.namespace, { settings, seconds, ...course });
  });
  return seen;
}

/**
 * How much a busy machine falsifies the arrivals of these readings, which are counted in 5 s: flows come, and are counted,
 * by so much later.
 */
export function falsified(seen: readonly Seen[]): number {
  return Math.max(...seen.map(({ lagSeconds }) => lagSeconds)) / 2.5;
}

/**
 * What is forecast of a real table that is read every few seconds.
 *
 * @param change runs before each reading, at this time.
 */
export async function watchTable(
  namespace: string,
  { limit, settings = {}, seconds = 40, intervalSeconds = 4 }: Omit<Course, 'kind' | 'perSecond' | 'flows'>,
  change: (atSeconds: number) => void = () => {},
): Promise<Seen[]> {
  const set = new Map([...timeouts, ...Object.entries(settings)]);
  const seen: Seen[] = [];
  const start = performance.now();
  let history: ScanHistory = [];
  let turnover: Turnover | undefined;
  for (let second = intervalSeconds; second <= seconds; second += intervalSeconds) {
    await sleep(start + second * 1000 - performance.now());
    const atSeconds = (performance.now() - start) / 1000;
    change(atSeconds);
    const { census, sample } = await scan(namespace, set, { sampled: turnover?.sample });
    const lagSeconds = (performance.now() - start) / 1000 - atSeconds;
    turnover = followFlows(turnover, { atSeconds, census, timeouts: set, sample, undisturbed: true });
    const present = { atSeconds, census, evicted: 0, outlooks: outlooksOf(census, turnover) };
    history = observe(history, present);
    const arrivals = estimateArrivals(census, turnover).reduce((total, one) => total + one.perSecond, 0);
    const holder = largestHolder(census);
    const forecast = forecastTable(present, limit, history);
    seen.push({ second: atSeconds, lagSeconds, live: census.live.estimate, arrivals, holder, ...forecast });
  }
  return seen;
}
