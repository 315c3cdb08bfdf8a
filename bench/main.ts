/**
 * Measurements, each beside a peer in the same run: `npm run bench -- NAME`. They need root and Debian packages, and take
 * minutes; none is a test.
 */
import process from 'node:process';

const benches = {
  netlink: 'reading the connection tracking table, beside `conntrack -L` and a loop that only receives',
  sample: 'a census of a sample, beside one of the whole table',
  ipvs: 'a scrape of large IPVS tables, beside node_exporter',
  page: 'the status page of large IPVS tables, beside a scrape',
  flows: 'arrivals and forecasts, beside what was sent and came',
  race: 'alert rules before a table is full, beside those of others',
  'fleet-nodes': 'series and size of a scrape of directors and compute nodes',
  fleet: 'alert rules for 1, 100 and 1,000 simulated nodes',
  heap: 'what the heap holds after thousands of runs, beside what it held before',
  'keepalived-cost': 'a scrape of 255 VRRP instances, and of 2,000 real servers with 4,000 checkers',
  keepalived: 'readings of dumps that are being written, beside the files as they are at the moment',
};

/** Those of several files. */
const entries: Readonly<Record<string, string>> = { fleet: 'fleet/measure', 'fleet-nodes': 'fleet/nodes' };

const [name = '', ...rest] = process.argv.slice(2);
if (name in benches) {
  process.argv.splice(2, process.argv.length, ...rest);
  await import(`./${entries[name] ?? name}.ts`);
} else {
  const lines = Object.entries(benches).map(([bench, about]) => `  ${bench.padEnd(16)} ${about}`);
  process.stderr.write(`Usage: npm run bench -- NAME\n\n${lines.join('\n')}\n`);
  process.exitCode = 2;
}
