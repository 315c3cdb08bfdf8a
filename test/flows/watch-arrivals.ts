import { setTimeout as sleep } from 'node:timers/promises';
import type { Laboratory } from '../../bench/flows/namespace.ts';
import { scan } from '../../bench/flows/scan.ts';
import type { Census } from '../../src/flows/census/census.ts';
import { destinationArrivals, estimateArrivals } from '../../src/flows/forecast/arrivals.ts';
import { policyTimeoutsOf } from '../../src/flows/forecast/turnover/custom-timer.ts';
import { followFlows, type Turnover } from '../../src/flows/forecast/turnover/turnover.ts';
import { timeouts } from './simulated-table.ts';

const perSecond = 100;
const intervalSeconds = 3;
const scans = 3;

/** New flows of a second. */
export interface SeenArrivals {
  readonly table: number;
  readonly destination: number;
  /** As were sent. */
  readonly sent: number;
  readonly census: Census | undefined;
}

/** Of the table and of their destination, as the last of a few scans shows them while SYNs are sent. */
export async function watchArrivals(laboratory: Laboratory): Promise<SeenArrivals> {
  const { begun } = laboratory.send('syn', [[60, perSecond, perSecond]]);
  while (begun.length === 0) await sleep(10);
  let turnover: Turnover | undefined;
  let seen: SeenArrivals = { table: Number.NaN, destination: Number.NaN, sent: Number.NaN, census: undefined };
  for (let count = 0; count < scans; count++) {
    await sleep(1000 * intervalSeconds);
    const atSeconds = performance.now() / 1000;
    const policies = policyTimeoutsOf(turnover);
    const { census, sample } = await scan(laboratory.namespace, timeouts, { sampled: turnover?.sample, policies });
    turnover = followFlows(turnover, { atSeconds, census, timeouts, sample, undisturbed: true });
    const [destination] = census.destinations;
    seen = {
      table: estimateArrivals(census, turnover)[0]?.perSecond ?? 0,
      destination: destination ? destinationArrivals(census, destination).perSecond : 0,
      census,
      sent: ((begun.at(-1) ?? 0) - (begun.at(-6) ?? 0)) / 5,
    };
  }
  return seen;
}
