/**
 * What one scrape of one node is, with counters over netlink and a keepalived that checks every real server:
 * `npm run bench -- fleet-nodes`. The ratio is to a scrape of the compute node in the same round.
 */
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { type NodeOptions, seriesOf, simulateNode } from './pages.ts';

const rounds = 9;
const warmUp = 3;
const everySeconds = 15;

const director = { machine: 'director1' } as const;
const kinds: Readonly<Record<string, NodeOptions>> = {
  'compute node': { machine: 'compute' },
  'director, 10 x 4': { ...director, size: { services: 10, realServers: 4 } },
  'director, 100 x 20': { ...director, size: { services: 100, realServers: 20 } },
  'director, 100 x 20, aggregated': { ...director, size: { services: 100, realServers: 20 }, aggregate: true },
  'director, 1000 x 20': { ...director, size: { services: 1000, realServers: 20 } },
  'director, 1000 x 20, aggregated': { ...director, size: { services: 1000, realServers: 20 }, aggregate: true },
};

/** Series that belong to a metric whose name begins so. */
const subsystems = ['ipvs_', 'keepalived_', 'conntrack_', 'lvs_', 'network_', 'process_', 'nodejs_'];

const print = (...columns: readonly (string | number)[]) => process.stdout.write(`${columns.join('\t')}\n`);

print('node', 'series', ...subsystems, 'kB', 'compressed kB', 'CPU ms', 'ratio');
let reference = Number.NaN;
for (const [name, options] of Object.entries(kinds)) {
  const { page, milliseconds } = await scrapeOften(options);
  if (Number.isNaN(reference)) reference = milliseconds;
  const series = seriesOf(page);
  const counts = subsystems.map((prefix) => series.filter((one) => one.startsWith(prefix)).length);
  const bytes = [page, gzipSync(page)].map(({ length }) => (length / 1000).toFixed(0));
  print(name, series.length, ...counts, ...bytes, milliseconds.toFixed(1), (milliseconds / reference).toFixed(1));
}

/** The median time of the processor for a scrape; collectors on a schedule have run before it. */
async function scrapeOften(options: NodeOptions): Promise<{ page: string; milliseconds: number }> {
  const node = await simulateNode(options);
  const times: number[] = [];
  let [now, page] = [Math.floor(Date.now() / 1000), ''];
  for (let round = 0; round < warmUp + rounds; round++) {
    now += everySeconds;
    await node.runScheduled(now);
    const before = process.cpuUsage();
    page = await node.scrape();
    const { user, system } = process.cpuUsage(before);
    if (round >= warmUp) times.push((user + system) / 1000);
  }
  return { page, milliseconds: times.sort((one, other) => one - other)[times.length >> 1] ?? Number.NaN };
}
