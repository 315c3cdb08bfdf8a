import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { labPrograms } from '../lab/prerequisites.ts';
import { needs } from './needs.ts';

/** The lab has limits of its own, on a clock that a slow machine makes slow: this is for one that hangs. */
const options = { ...needs(...labPrograms), timeout: 4 * 3_600_000 };

it('the lab sees everything that its scenarios expect', options, async () => {
  const { status, output } = await runLab();
  expect(output).toMatch(/^lab: all \d+ checks seen$/m);
  expect(status).toBe(0);
});

function runLab(): Promise<{ status: number | null; output: string }> {
  const program = fileURLToPath(new URL('../lab/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      process.stderr.write(text);
    });
  }
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, output })));
}
