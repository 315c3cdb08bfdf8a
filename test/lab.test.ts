import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { labPrograms } from '../lab/prerequisites.ts';
import { scenarios } from '../lab/scenarios/index.ts';
import { needs } from './needs.ts';

/** The lab has limits of its own, on a clock that a slow machine makes slow: this is for one that hangs. */
const options = { ...needs(...labPrograms), timeout: 4 * 3_600_000 };

/** A kernel keeps one processor busy: two at once, with about the same work each. */
const longest = ['full-table', 'alerts'];
const rest = scenarios.map(({ name }) => name).filter((name) => !longest.includes(name));

describe.concurrent('the lab sees everything that it expects', () => {
  it.each([longest, rest].map((names) => ({ names })))('of $names', options, async ({ names }) => {
    const { status, output } = await runLab(names);
    expect(output).toMatch(/^lab: all \d+ checks seen$/m);
    expect(status).toBe(0);
  });
});

function runLab(names: readonly string[]): Promise<{ status: number | null; output: string }> {
  const program = fileURLToPath(new URL('../lab/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...names], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      process.stderr.write(text);
    });
  }
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, output })));
}
