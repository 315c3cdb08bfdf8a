import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { readAtMost } from '../../host/trusted-file.ts';
import { type Process, readAsKeepalived } from './process.ts';

/** How a keepalived was built, from its program. The dumps do not have it. */
export interface KeepalivedBuild {
  /** `2.2.7` */
  readonly version: string;
  /** Where it writes unless TMPDIR is set. */
  readonly temporaryDirectory: string;
}

/** Undefined where the program is not keepalived, or has ended. */
export async function readKeepalivedBuild(procfs: string, { pid }: Process): Promise<KeepalivedBuild | undefined> {
  const program = await readAsKeepalived(`${procfs}/${pid}/exe`, readProgram);
  if (!program) return undefined;
  const version = findAfter(program, 'Keepalived v', /^\d[\w.+-]*/);
  if (version === undefined) return undefined;
  return { version, temporaryDirectory: findAfter(program, '--with-tmp-dir=', /^\/[^'"\s]*/) ?? '/tmp' };
}

/** keepalived 2.2.7 has 0.5 MB. The strings stand before the debugging information, which may be long. */
const maxProgramBytes = 16 * 1024 * 1024;

async function readProgram(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return await readAtMost(file, maxProgramBytes);
  } finally {
    await file.close();
  }
}

const maxTextBytes = 256;

/** What a pattern matches right after a text in a program. */
function findAfter(program: Buffer, text: string, pattern: RegExp): string | undefined {
  const place = program.indexOf(text);
  const start = place + text.length;
  return place < 0 ? undefined : pattern.exec(program.toString('latin1', start, start + maxTextBytes))?.[0];
}
