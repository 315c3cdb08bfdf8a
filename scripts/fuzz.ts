/**
 * Tries every reader of text and of messages with inputs that a seed decides: `npx tsx scripts/fuzz.ts [INPUTS [SEED]]`, so
 * many for each reader. Exits with 1 if one of them does what it must not; each such input is printed with its number.
 */
import { parseArgs } from 'node:util';
import { fuzz, targets } from '../test/fuzz/fuzz.ts';
import { fuzzRequests } from '../test/fuzz/requests.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [inputs = 1000, seed = 1] = positionals.map(Number);

let [total, refused, found] = [0, 0, 0];
for (const target of targets) {
  const outcome = fuzz(target, seed, inputs);
  total += outcome.inputs;
  refused += outcome.refused;
  found += outcome.problems.length;
  process.stdout.write(
    `${target.name}: ${outcome.inputs} tried, ${outcome.refused} refused, slowest ${outcome.slowestMs.toFixed(0)} ms\n`,
  );
  for (const problem of outcome.problems) process.stdout.write(`  ${problem}\n`);
}
process.stdout.write(
  `${total} inputs of ${targets.length} readers: ${refused} refused, ${total - refused} read, ${found} faults\n`,
);
const requests = await fuzzRequests(seed, inputs);
process.stdout.write(`${requests.inputs} requests: ${JSON.stringify(Object.fromEntries(requests.statuses))}\n`);
for (const problem of requests.problems) process.stdout.write(`  ${problem}\n`);
if (found + requests.problems.length > 0) process.exitCode = 1;
