import { readFile } from 'node:fs/promises';
import { logFolder } from '../cluster/folders.ts';
import { fetchText } from '../cluster/http.ts';
import type { Node } from '../cluster/node.ts';
import type { Scrape, Scrapes } from '../cluster/scrapes.ts';
import type { Lab } from '../lab.ts';
import { findTrend, median } from '../trend.ts';

/**
 * On the first the process grows to its size: V8 still compiles after 4,000 runs of a collector (`npm run bench -- heap`),
 * and the history of 800 scans is full after 800 s.
 */
export const days = 2;
/** Two Prometheus servers, each every 15 s. */
export const scrapesOfDay = 11_520;

/** Hours of all days. */
export const parts = 24 * days;

const mebibyte = 2 ** 20;
/** In a day. */
const maxMebibytes = 2;

export async function seeNothingLeft({ see }: Lab, { answered, missed }: Scrapes): Promise<void> {
  await see(
    'every scrape was answered',
    async () => ({ answered: answered.length, missed: missed.slice(0, 3) }),
    (seen) => seen.answered > 0 && seen.missed.length === 0,
  );

  await see(
    'no collector failed, but for those of keepalived while it was away',
    async () => [...new Set(answered.flatMap(({ failed }) => failed))],
    (failed) => failed.every((name) => name.startsWith('keepalived')),
  );
  const lastDay = split(answered).slice(-parts / days);
  const [first = [], last = []] = [lastDay[0], lastDay.at(-1)];
  const grow = (values: readonly number[]) => describeGrowth(values, (parts * scrapesOfDay) / answered.length);
  await see(
    `on the last day the memory does not grow by ${maxMebibytes} MiB: resident, and what the heap holds at least`,
    async () => ({
      resident: grow(lastDay.map((scrapes) => median(scrapes.map(({ residentBytes }) => residentBytes)))),
      heap: grow(lastDay.map((scrapes) => Math.min(...scrapes.map(({ heapBytes }) => heapBytes)))),
    }),
    ({ resident, heap }) => Math.max(...[resident, heap].map(({ low }) => low)) < maxMebibytes,
  );

  // The fewest: what is being read at a moment has some as well.
  const descriptors = (scrapes: readonly Scrape[]) =>
    Math.min(...scrapes.map(({ openDescriptors }) => openDescriptors));
  await see(
    'as many files and sockets are open at the end of the last day as at its start',
    async () => ({ first: descriptors(first), last: descriptors(last) }),
    (open) => open.last <= open.first,
  );
}

/** In MiB: at first and at last, and the growth of a day with its bounds (95 %). */
function describeGrowth(bytes: readonly number[], stepsPerDay: number) {
  const round = (value = Number.NaN) => Math.round((value / mebibyte) * 10) / 10;
  const { perStep, low, high } = findTrend(bytes);
  const perDay = (slope: number) => round(slope * stepsPerDay);
  return {
    first: round(bytes[0]),
    last: round(bytes.at(-1)),
    perDay: perDay(perStep),
    low: perDay(low),
    high: perDay(high),
  };
}

function split(scrapes: readonly Scrape[]): Scrape[][] {
  const start = (part: number) => Math.floor((scrapes.length * part) / parts);
  return Array.from({ length: parts }, (_, part) => scrapes.slice(start(part), start(part + 1)));
}

export async function seeAllWork({ see }: Lab, address: string): Promise<void> {
  await see(
    'in the end every collector works',
    async () =>
      [...(await fetchText(`http://${address}/metrics`)).matchAll(/^lvs_exporter_collector_\w+\{.*\} 0$/gm)].map(
        ([line]) => line,
      ),
    (failing) => failing.length === 0,
    { withinSeconds: 60 },
  );
}

/** The figures are those of a slow machine: no more than that there are some is asked. */
export async function seeDelay({ see }: Lab, director: Node): Promise<void> {
  await director.run('pkill', ['--full', '[d]ist/main.js']);
  await see(
    'the delay of the event loop: median, 99th percentile and most',
    async () =>
      /delay of the event loop: (.*)/.exec(await readFile(`${logFolder}/director1-node.log`, 'utf8'))?.[1] ?? '',
    (delays) => delays !== '',
  );
}
