import { geteuid } from 'node:process';
import { dumpKinds, type Keepalived } from '../../host/host.ts';
import { readDumpFile } from './dump-file.ts';
import { dumpFileNames } from './filesystem.ts';

/**
 * Reads the dumps that a keepalived left which ran before this program did. Whole ones alone: nothing will complete the
 * others. Only of root and the user of this program. Rejects with ENOENT where there is not even one of those.
 */
export async function readLastDumps(directory: string | undefined): Promise<Keepalived['dumps']> {
  if (directory === undefined) throw absent('no keepalived in this network namespace');
  const owners = [0, geteuid?.() ?? 0];
  const files = await Promise.all(
    dumpKinds.map(
      async (kind) => [kind, await readDumpFile(kind, `${directory}/${dumpFileNames[kind]}`, owners)] as const,
    ),
  );
  // A stranger's file is as none.
  if (files.every(([, file]) => file === undefined || file.writing === '')) {
    throw absent(`no keepalived in this network namespace, no dump of one in ${directory}`);
  }
  const whole = files.flatMap(([kind, file]) => (file && file.problem === undefined ? [[kind, file.dump]] : []));
  return Object.fromEntries(whole);
}

export function absent(problem: string): Error {
  return Object.assign(new Error(`ENOENT: ${problem}`), { code: 'ENOENT' });
}
