import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newerPromtool } from '../needed-conditions.ts';

/** Debian's, which is the oldest that the rules are for, and one of Prometheus 3. `name` is what a suite needs. */
export const promtools = [
  { name: 'promtool', program: 'promtool' },
  { name: 'Prometheus 3', program: newerPromtool },
] as const;

/**
 * Runs `promtool test rules` on files of a folder, two processes at a time, and gives its objections to each:
 * `''` when it has nothing.
 */
export async function testRules(promtool: string, folder: string, files: readonly string[]): Promise<string[]> {
  const half = Math.ceil(files.length / 2);
  const halves = [files.slice(0, half), files.slice(half)].filter(({ length }) => length > 0);
  const complaints = await Promise.all(halves.map((some) => testSome(promtool, folder, some)));
  return complaints.flat();
}

async function testSome(promtool: string, folder: string, files: readonly string[]): Promise<string[]> {
  const output = join(folder, `${files[0]}.output`);
  const complaints = readComplaints(await run(promtool, ['test', 'rules', ...files], folder, output));
  if (complaints.length === files.length) return complaints;
  throw new Error(`Expected a result for each of ${files.length} files, got ${complaints.length}`);
}

/** Both outputs in the order in which they were written: only this shows which file is meant. */
async function run(program: string, args: readonly string[], folder: string, output: string): Promise<string> {
  const file = await open(output, 'w');
  // It collects garbage for a fifth of its time otherwise, with little in use.
  const env = { ...process.env, GOGC: '400' };
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', file.fd, file.fd] });
  await once(child, 'close');
  await file.close();
  return readFile(output, 'utf8');
}

function readComplaints(output: string): string[] {
  return output
    .split(/^ {2}(?=SUCCESS$|FAILED:$)/m)
    .slice(1)
    .map((part) => (part.startsWith('SUCCESS') ? '' : part.replace(/^FAILED:\n|\n+(Unit Testing: .*)?\n*$/g, '')));
}
