import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { ifPresent } from '../host/errors.ts';
import type { Dump, DumpKind } from '../host/host.ts';

import { wholeChecks } from '../parsers/keepalived/whole.ts';

import { ParseError } from '../parsers/parse-error.ts';
import type { Daemon } from './daemon.ts';
import type { Place } from './filesystem.ts';
import { isOpenIn } from './open-file.ts';
import { explainDenial } from './process.ts';
import { removeSecrets } from './redact.ts';

/** A file that may be a dump, as it is at the moment. */
export interface FoundFile {
  readonly path: string;
  /** Unix time. */
  readonly modifiedSeconds: number;
  /** Another one after each time that keepalived writes it. */
  readonly writing: string;
}

/** A dump on disk. Secrets are already removed. */
export interface DumpFile extends Dump, FoundFile {
  /** Why it is not whole: keepalived is writing it, or stopped in the middle. */
  readonly problem: string | undefined;
}

/** The files of a place: the one with the plain name, then those with the names of instances, the youngest first. */
export async function findFiles({ directory, name, isVariant }: Place): Promise<FoundFile[]> {
  const names = isVariant === undefined ? [] : ((await explain(directory, ifPresent(readdir(directory)))) ?? []);
  const [plain, ...variants] = await Promise.all(
    [name, ...names.filter((one) => isVariant?.(one))].map((one) => findFile(`${directory}/${one}`)),
  );
  const byAge = variants
    .flatMap((file) => file ?? [])
    .sort((one, other) => other.modifiedSeconds - one.modifiedSeconds);
  return plain ? [plain, ...byAge] : byAge;
}

/** A file as it is at the moment, or undefined where there is none. */
export async function findFile(path: string): Promise<FoundFile | undefined> {
  const state = await explain(path, ifPresent(lstat(path, { bigint: true })));
  return state && { path, ...identify(state) };
}

/**
 * Reads a dump, or undefined where there is none. keepalived up to 2.4.3 puts an empty file in place and writes then,
 * so a text is taken for whole only if the file stayed the same while it was read and the text has the form of a
 * whole one.
 */
export async function readDumpFile(kind: DumpKind, path: string): Promise<DumpFile | undefined> {
  // /tmp belongs to everyone: a link is not followed, and a pipe does not block.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await explain(path, ifPresent(open(path, flags)));
  if (!file) return undefined;
  try {
    return await readOpenFile(kind, path, file);
  } finally {
    await file.close();
  }
}

/**
 * The same of a keepalived that runs. Only JSON shows by its form that it is whole: the statistics, the dump of the
 * checkers and the data before keepalived 2.0 have no mark at their end. They were whole if afterwards no process that
 * writes has them open and they are still as they were.
 */
export async function readDumpOf(
  procfs: string,
  { vrrp, others }: Daemon,
  kind: DumpKind,
  path: string,
): Promise<DumpFile | undefined> {
  const file = await readDumpFile(kind, path);
  if (kind === 'json') return file;
  if (await isOpenIn(procfs, vrrp ? [vrrp, ...others] : others, path)) return undefined;
  return (await findFile(path))?.writing === file?.writing ? file : undefined;
}

async function readOpenFile(kind: DumpKind, path: string, file: FileHandle): Promise<DumpFile> {
  const before = await file.stat({ bigint: true });
  if (!before.isFile()) throw new Error(`Expected ${path} to be a file`);
  const text = removeSecrets(kind, await file.readFile('utf8'));
  const after = await file.stat({ bigint: true });
  const changed = identify(before).writing !== identify(after).writing;
  const problem = changed ? 'It changed while it was read' : findProblem(kind, text);
  return { path, text, ...identify(before), problem };
}

/** What leaves this folder of it. */
export function toDump({ text, modifiedSeconds }: DumpFile): Dump {
  return { text, modifiedSeconds };
}

/** With the size, for the clock of a file system may stand still while a file grows. */
function identify({ dev, ino, mtimeNs, size }: BigIntStats) {
  return { modifiedSeconds: Number(mtimeNs) / 1e9, writing: `${dev}:${ino}:${mtimeNs}:${size}` };
}

function explain<T>(path: string, attempt: Promise<T>): Promise<T> {
  return explainDenial(attempt, `Cannot read ${path}`, 'CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE');
}

function findProblem(kind: DumpKind, text: string): string | undefined {
  try {
    wholeChecks[kind](text);
    return undefined;
  } catch (error) {
    if (error instanceof ParseError) return error.message;
    throw error;
  }
}
