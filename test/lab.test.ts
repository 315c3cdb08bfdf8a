import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { findMissingPackages } from '../lab/prerequisites.ts';

const missing = findMissingPackages();
// In CI a missing package is a failure, which the lab itself reports.
const skipped = missing.length > 0 && process.env.CI === undefined;
if (skipped) process.stderr.write(`lab.test.ts is skipped: it needs apt-get install ${missing.join(' ')}\n`);

const timeoutMilliseconds = 2_460_000;

it.skipIf(skipped)('the lab sees everything that its scenarios expect', { timeout: timeoutMilliseconds }, async () => {
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
