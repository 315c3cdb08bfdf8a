import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClock } from '../../lab/clock/clock.ts';
import { needs } from '../needs.ts';

/** Compares, of a program on the lab's clock, a second of the machine's other clock with what passes on the first. */
const program = `
  const passed = () => {
    const before = process.hrtime.bigint();
    const other = BigInt(Date.now()) * 1_000_000n;
    // Again, if the machine had something else to do between the two clocks.
    return process.hrtime.bigint() - before < 1_000_000n ? [before, other] : passed();
  };
  const before = passed();
  while (Number(passed()[1] - before[1]) < 2e8);
  const after = passed();
  process.stdout.write(String(Number(after[1] - before[1]) / Number(after[0] - before[0])));`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-lab-clock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function measureSlowness(environment: Readonly<Record<string, string>>): number {
  const { stdout } = spawnSync(process.execPath, ['-e', program], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  return Number(stdout);
}

it("the clock is the machine's at first, and as slow as the machine when that is measured", needs('tcc'), () => {
  const clock = createClock(folder);
  expect(measureSlowness(clock.environment)).toBeCloseTo(1, 1);
  clock.adjust(4 * 20_000);
  expect(measureSlowness(clock.environment)).toBeCloseTo(4, 0);
});
