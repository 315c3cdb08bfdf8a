import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Dump, DumpKind } from '../host.ts';
import { parseKeepalivedData } from '../parsers/keepalived-data.ts';
import { parseKeepalivedJson } from '../parsers/keepalived-json.ts';
import { parseKeepalivedStats } from '../parsers/keepalived-stats.ts';
import { ParseError } from '../parsers/parse-error.ts';
import { ifPresent } from '../read.ts';
import { explainDenial } from './process.ts';
import { removeSecrets } from './secrets.ts';

/** A dump on disk. Secrets are already removed. */
export interface DumpFile extends Dump {
  /** Another one after each time that keepalived writes it. */
  readonly writing: string;
  /** Why it is not whole: keepalived is writing it, or stopped in the middle. */
  readonly problem: string | undefined;
}

/**
 * Reads a dump, or undefined where there is none. keepalived up to 2.4.3 puts an empty file in place and writes then,
 * so a text is taken for whole only if the file stayed the same while it was read and the text has the form of a
 * whole one.
 */
export async function readDumpFile(kind: DumpKind, path: string): Promise<DumpFile | undefined> {
  // /tmp belongs to everyone: a link is not followed, and a pipe does not block.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const opening = explainDenial(open(path, flags), `Cannot read ${path}`, 'CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE');
  const file = await ifPresent(opening);
  if (!file) return undefined;
  try {
    return await readOpenFile(kind, path, file);
  } finally {
    await file.close();
  }
}

async function readOpenFile(kind: DumpKind, path: string, file: FileHandle): Promise<DumpFile> {
  const before = await file.stat({ bigint: true });
  if (!before.isFile()) throw new Error(`Expected ${path} to be a file`);
  const text = removeSecrets(kind, await file.readFile('utf8'));
  const after = await file.stat({ bigint: true });
  const changed = before.size !== after.size || before.mtimeNs !== after.mtimeNs;
  return {
    text,
    modifiedSeconds: Number(before.mtimeNs) / 1e9,
    writing: `${before.dev}:${before.ino}:${before.mtimeNs}`,
    problem: changed ? 'It changed while it was read' : findProblem(kind, text),
  };
}

const parsers = { json: parseKeepalivedJson, data: parseKeepalivedData, stats: parseKeepalivedStats };

function findProblem(kind: DumpKind, text: string): string | undefined {
  try {
    parsers[kind](text);
    return undefined;
  } catch (error) {
    if (error instanceof ParseError) return error.message;
    throw error;
  }
}
