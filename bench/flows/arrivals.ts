import { setTimeout as sleep } from 'node:timers/promises';
import type { Census } from '../../src/flows/census/census.ts';
import { estimateArrivals } from '../../src/flows/forecast/arrivals.ts';
import { withLaboratory } from './namespace.ts';
import { scan } from './scan.ts';
import { type RateSegment, rateAt } from './schedule.ts';

const timeouts = new Map([['nf_conntrack_tcp_timeout_syn_sent', 120]]);

/** Steps between 10 and 2,000 per second, each between two readings, then a ramp. */
const schedule: readonly RateSegment[] = [
  [32.5, 10, 10],
  [35, 2000, 2000],
  [40, 50, 50],
  [30, 300, 300],
  [40, 100, 1000],
];

const intervalSeconds = 5;
const sampleSize = 5000;

/** Half-open connections at known rates: what is estimated from the whole table and from a sample of 5,000. */
export async function compareArrivals(print: (line: string) => void): Promise<void> {
  await withLaboratory('arrivals', async ({ namespace, send }) => {
    const { begun } = send('syn', schedule);
    while (begun.length === 0) await sleep(10);
    const start = performance.now() - 1000;
    print('second  rate set  sent in last 5 s, per second  whole table  sample of 5,000  same, walked first  count');
    for (let second = intervalSeconds; rateAt(schedule, second) > 0; second += intervalSeconds) {
      await sleep(start + second * 1000 - performance.now());
      // The sample is taken first: reading the whole table would remove what expired.
      const sampled = await scan(namespace, timeouts, { limit: sampleSize });
      const walked = await scan(namespace, timeouts, { limit: sampleSize, walk: true });
      const whole = await scan(namespace, timeouts);
      const sent = ((begun[second - 1] ?? 0) - (begun[second - 1 - intervalSeconds] ?? 0)) / intervalSeconds;
      const estimates = [whole, sampled, walked].map(({ census }) => formatRate(census));
      print(
        [second, rateAt(schedule, second - 0.01).toFixed(0), sent.toFixed(0), ...estimates, sampled.count].join('\t'),
      );
    }
  });
}

function formatRate(census: Census): string {
  const [rate] = estimateArrivals(census);
  return rate ? `${rate.perSecond.toFixed(0)} ± ${rate.standardError.toFixed(0)}` : '-';
}
