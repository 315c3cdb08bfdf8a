import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('flood-program.ts', import.meta.url));

/** With a heap that a string for each of a million destinations would not fit in. */
function scanFlood(flows: number) {
  const options = ['--max-old-space-size=48', '--expose-gc', '--import', 'tsx'];
  return JSON.parse(execFileSync(process.execPath, [...options, program, String(flows)], { encoding: 'utf8' }));
}

it('a flood of 1,000,000 destinations makes no more series than 1,000, and leaves no memory behind', () => {
  const [few, flood] = [scanFlood(1000), scanFlood(1_000_000)];
  process.stdout.write(`1,000,000 destinations: ${JSON.stringify(flood)}\n`);
  expect(flood.series).toBe(few.series);
  expect(flood.heapGrowthMegabytes).toBeLessThan(8);
});
