/**
 * What the status page of a director costs, beside a scrape, in turns: `npx tsx bench/page.ts [SERVICES]...`. The page is
 * taken note of after each scan, and made at most once for each note.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createIpvs } from '../src/collectors/ipvs/ipvs.ts';
import { render } from '../src/http/exposition.ts';
import { scanIntervalSeconds } from '../src/identity/scan-interval.ts';
import { createLog } from '../src/log/log.ts';
import { createWatch } from '../src/page/watch.ts';
import { createRunner } from '../src/scrape/scrape.ts';
import { createHost } from '../test/machine.ts';
import { makeTree } from './ipvs-tree.ts';

const realServers = 20;
const rounds = 9;
const warmUp = 3;
const noteMilliseconds = scanIntervalSeconds * 1000;
const sizes = process.argv.slice(2).map(Number);
const log = createLog({ level: 'error', format: 'logfmt', write: (line) => process.stderr.write(line) });

process.stdout.write(
  `${['services', 'series', 'scrape ms', 'note ms', 'page ms', 'page bytes', 'ratio'].join('\t')}\n`,
);
for (const services of sizes.length > 0 ? sizes : [10, 100, 1000]) await compare(services);

async function compare(services: number): Promise<void> {
  const tree = makeTree(services, realServers);
  const file = (path: string) => readFileSync(join(tree, path), 'utf8');
  const files = { '/proc/net/ip_vs': file('net/ip_vs'), '/proc/net/ip_vs_stats': file('net/ip_vs_stats') };
  rmSync(tree, { recursive: true });
  const ipvs = createIpvs({ maxSeries: 1_000_000, aggregate: false, upstreamConntrackLimit: undefined });
  const runner = createRunner({ collectors: [ipvs], host: createHost({ files }), log });
  const collect = () => runner.collect(60_000);
  let nowMs = Date.now();
  const watch = createWatch({ collect, version: '', now: () => (nowMs += noteMilliseconds) });

  const [scrapes, notes, pages]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < warmUp + rounds; round++) {
    scrapes.push(await time(async () => render(await collect(), 'text')));
    notes.push(await time(watch.note));
    pages.push(await time(() => watch.page(false)));
  }
  const [scrape, note, page] = [scrapes, notes, pages].map((all) => median(all.slice(warmUp)));
  const series = (await collect()).length;
  const bytes = watch.page(false).markup.length;
  const ratio = ((note ?? 0) + (page ?? 0)) / (scrape ?? 0);
  const times = [scrape, note, page].map((milliseconds) => milliseconds?.toFixed(1));
  process.stdout.write(`${[services, series, ...times, bytes, ratio.toFixed(2)].join('\t')}\n`);
}

async function time(run: () => unknown): Promise<number> {
  const begin = performance.now();
  await run();
  return performance.now() - begin;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}
