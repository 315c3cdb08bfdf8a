import { scrapeIntervalSeconds } from '../cluster/prometheus.ts';
import { queryOne } from '../cluster/queries.ts';
import type { Lab } from '../lab.ts';

/** How many packets are sent while counters are set back. */
export const perSecond = 20;
const rateSeconds = 20;
/** A window may begin just after a scrape. */
const samplesOfRate = rateSeconds / scrapeIntervalSeconds - 1;
/** Whole windows of the rate are before a reset, and half of one after it. */
const [secondsBefore, packetsAfter] = [1.1 * rateSeconds, (rateSeconds / 2) * perSecond];
/**
 * What came since the last scrape is lost when a counter is set back, and the kernel sums its counters only every 2 s: 5 s
 * of a window, and 4 s more for chance. Where scrapes fail on a busy machine, as much more as they leave out.
 */
const isRate = (rate: number, scraped: number) => rate > 0.55 * perSecond * scraped && rate < 1.2 * perSecond;

/** Waits until a counter of packets has long risen at the rate that they are sent at. */
export async function seeRising({ prometheus, see }: Lab, counter: string): Promise<void> {
  await see(
    `${counter} has risen by ${perSecond}/s for ${secondsBefore} s`,
    () => queryOne(prometheus, `${counter} - ${counter} offset ${secondsBefore}s`),
    (packets) => packets >= 0.9 * secondsBefore * perSecond,
    { withinSeconds: 60 },
  );
}

/** Waits until it has come so far since it was set back. */
export async function seeSetBack({ prometheus, see }: Lab, counter: string, startedAt: number): Promise<void> {
  await see(
    `set back, it has come to ${packetsAfter} again`,
    async () => ({
      resets: await queryOne(prometheus, `resets(${counter}[${secondsSince(startedAt)}s])`),
      packets: await queryOne(prometheus, counter),
    }),
    ({ resets, packets }) => resets === 1 && packets >= packetsAfter,
    { withinSeconds: 60 },
  );
}

/** With the last scrape before. */
function secondsSince(startedAt: number): number {
  return Math.ceil((Date.now() - startedAt) / 1000) + 2 * scrapeIntervalSeconds;
}

/** At every moment since a time, in milliseconds, that was before the reset. */
export async function seeRateOverReset({ prometheus, see }: Lab, counter: string, startedAt: number): Promise<void> {
  const seconds = secondsSince(startedAt);
  const rates = `rate(${counter}[${rateSeconds}s])[${seconds}s:1s]`;
  const samples = `count_over_time(${counter}[${rateSeconds}s])[${seconds}s:1s]`;
  await see(
    `${counter} was set back once, and its rate was always some ${perSecond}/s, less what was not scraped`,
    async () => ({
      resets: await queryOne(prometheus, `resets(${counter}[${seconds}s])`),
      least: await queryOne(prometheus, `min_over_time(${rates})`),
      most: await queryOne(prometheus, `max_over_time(${rates})`),
      scraped: Math.min(1, (await queryOne(prometheus, `min_over_time(${samples})`)) / samplesOfRate),
    }),
    ({ resets, least, most, scraped }) => resets === 1 && isRate(least, scraped) && isRate(most, scraped),
    { withinSeconds: 0 },
  );
}
