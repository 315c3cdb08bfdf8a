import { readFile } from 'node:fs/promises';
import { type Process, readAsKeepalived } from './process.ts';

/** What keepalived's program tells of how it was built. The dumps do not tell it. */
export interface Build {
  /** `2.2.7` */
  readonly version: string | undefined;
  /** Where it writes unless TMPDIR says otherwise. */
  readonly temporaryDirectory: string;
}

export async function readBuild(procfs: string, { pid }: Process): Promise<Build> {
  const program = await readAsKeepalived(`${procfs}/${pid}/exe`, (path) => readFile(path));
  return {
    version: findAfter(program, 'Keepalived v', /^\d[\w.+-]*/),
    temporaryDirectory: findAfter(program, '--with-tmp-dir=', /^\/[^'"\s]*/) ?? '/tmp',
  };
}

const longestText = 256;

/** What a pattern matches right after a text in a program. */
function findAfter(program: Buffer | undefined, text: string, pattern: RegExp): string | undefined {
  const place = program?.indexOf(text) ?? -1;
  const start = place + text.length;
  return place < 0 ? undefined : pattern.exec(program?.toString('latin1', start, start + longestText) ?? '')?.[0];
}
