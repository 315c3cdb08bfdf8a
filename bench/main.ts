/**
 * Measurements, each beside a peer in the same run: `npm run bench -- NAME`. They need root and Debian packages, and take
 * minutes; none is a test.
 */
import process from 'node:process';
import { benches } from './benches.ts';

const [name = '', ...rest] = process.argv.slice(2);
const bench = benches[name];
if (bench) {
  process.argv.splice(2, process.argv.length, ...rest);
  await import(bench.entry);
} else {
  const lines = Object.entries(benches).map(([key, { about }]) => `  ${key.padEnd(16)} ${about}`);
  process.stderr.write(`Usage: npm run bench -- NAME\n\n${lines.join('\n')}\n`);
  process.exitCode = 2;
}
