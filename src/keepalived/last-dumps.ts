import { dumpKinds, type Keepalived } from '../host/host.ts';
import { readDumpFile, toDump } from './dump-file.ts';
import { dumpFileNames } from './filesystem.ts';

/**
 * Reads the dumps that a keepalived left which ran before this program did. Whole ones alone: nothing will complete the
 * others. Rejects with ENOENT where there is not even one of those.
 */
export async function readLastDumps(directory: string): Promise<Keepalived['dumps']> {
  const files = await Promise.all(
    dumpKinds.map(async (kind) => [kind, await readDumpFile(kind, `${directory}/${dumpFileNames[kind]}`)] as const),
  );
  if (files.every(([, file]) => file === undefined)) {
    throw absent(`no keepalived in this network namespace, no dump of one in ${directory}`);
  }
  const whole = files.flatMap(([kind, file]) => (file && file.problem === undefined ? [[kind, toDump(file)]] : []));
  return Object.fromEntries(whole);
}

export function absent(problem: string): Error {
  return Object.assign(new Error(`ENOENT: ${problem}`), { code: 'ENOENT' });
}
