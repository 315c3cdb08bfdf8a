/**
 * Measurements, each beside a peer in the same run: `npm run bench -- NAME`. They need root and Debian packages, and take
 * minutes; none is a test.
 */
import process from 'node:process';

const benches = {
  netlink: 'reading the connection tracking table, beside `conntrack -L` and a loop that only receives',
  sample: 'a census of a sample, beside one of the whole table',
  ipvs: 'a scrape of large IPVS tables, beside node_exporter',
  flows: 'arrivals and forecasts, beside what was sent and came',
};

const [name = '', ...rest] = process.argv.slice(2);
if (name in benches) {
  process.argv.splice(2, process.argv.length, ...rest);
  await import(`./${name}.ts`);
} else {
  const lines = Object.entries(benches).map(([bench, about]) => `  ${bench.padEnd(8)} ${about}`);
  process.stderr.write(`Usage: npm run bench -- NAME\n\n${lines.join('\n')}\n`);
  process.exitCode = 2;
}
