import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { havePrograms } from '../debian-package.ts';

/** Where `scripts/newer-promtool.sh` puts it. */
const newer = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lvs-exporter', 'promtool-3');

/** The promtools that there are: Debian's, which is the oldest that the rules are for, and one of Prometheus 3. */
export function findPromtools(): string[] {
  const older = havePrograms('promtool') ? ['promtool'] : [];
  if (existsSync(newer)) return [...older, newer];
  process.stderr.write('Left out, for want of a promtool of Prometheus 3: scripts/newer-promtool.sh\n');
  return older;
}

/**
 * Runs `promtool test rules` on files of a folder, two processes at a time, and gives what it has to say against each:
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

/** Both outputs in the order in which they were written: it is all that tells which file is meant. */
async function run(program: string, args: readonly string[], folder: string, output: string): Promise<string> {
  const file = await open(output, 'w');
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', file.fd, file.fd] });
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
