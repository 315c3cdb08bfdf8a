import type { BigIntStats } from 'node:fs';
import { type FileHandle, lstat, readdir } from 'node:fs/promises';
import { ifPresent } from '../../host/errors.ts';
import type { Dump, DumpKind } from '../../host/host.ts';
import { findDistrust, openTrustedFile, readAtMost, UntrustedFileError } from '../../host/trusted-file.ts';
import { wholeChecks } from '../../parsers/keepalived/whole.ts';

import { ParseError } from '../../parsers/parse-error.ts';
import type { Daemon } from '../process/daemon.ts';
import { explainDenial } from '../process/process.ts';
import type { Place } from './filesystem.ts';
import { isOpenIn } from './open-file.ts';
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
export interface DumpFile extends FoundFile {
  /** What leaves this folder of it: one object, with which what was parsed of it is kept. */
  readonly dump: Dump;
  /** Why it is not whole: keepalived is writing it, or stopped in the middle. */
  readonly problem: string | undefined;
}

/** 4,000 checkers take 4 MB, 255 instances with 20 addresses each 2 MB. */
const maxDumpBytes = 32 * 1024 * 1024;

/** Of the files that have the name of an instance, so many are looked at. */
const maxVariants = 1000;

/**
 * The files of a place: the one with the plain name, then those with the names of instances, the youngest first. A file
 * that is not keepalived's is not there: in /tmp any user can create one.
 */
export async function findFiles(place: Place): Promise<FoundFile[]> {
  const { directory, name, owners } = place;
  const [plain, ...variants] = await Promise.all(
    [name, ...(await listVariants(place))].map((one) => findFile(`${directory}/${one}`, owners)),
  );
  const byAge = variants
    .flatMap((file) => file ?? [])
    .sort((one, other) => other.modifiedSeconds - one.modifiedSeconds);
  return plain ? [plain, ...byAge] : byAge;
}

async function listVariants({ directory, variants }: Place): Promise<readonly string[]> {
  if (typeof variants !== 'function') return variants;
  const names = (await explain(directory, ifPresent(readdir(directory)))) ?? [];
  return names.filter(variants).slice(0, maxVariants);
}

/** A file as it is at the moment, or undefined where there is none of these users. */
export async function findFile(path: string, owners: readonly number[]): Promise<FoundFile | undefined> {
  const state = await explain(path, ifPresent(lstat(path, { bigint: true })));
  return state && findProblemOf(state, owners) === undefined ? { path, ...identify(state) } : undefined;
}

/** A second name of a file may be another user's. */
function findProblemOf(state: BigIntStats, owners: readonly number[]): string | undefined {
  const problem = findDistrust(state, { owners, maxBytes: maxDumpBytes });
  return problem ?? (state.nlink > 1n ? `a file with one name, got ${state.nlink} names` : undefined);
}

/**
 * Reads a dump, or undefined where there is none. keepalived up to 2.4.3 puts an empty file in place and writes then,
 * so a text counts as complete only if the file stayed the same while it was read and the text has the form of a
 * complete dump.
 */
export async function readDumpFile(
  kind: DumpKind,
  path: string,
  owners: readonly number[],
): Promise<DumpFile | undefined> {
  try {
    const file = await explain(path, ifPresent(openTrustedFile(path, { owners, maxBytes: maxDumpBytes })));
    return file && (await readOpenFile(kind, path, file, owners));
  } catch (error) {
    if (!(error instanceof UntrustedFileError)) throw error;
    const dump = { text: '', modifiedSeconds: 0 };
    return { path, dump, modifiedSeconds: 0, writing: '', problem: error.message };
  }
}

/**
 * The same of a keepalived that runs. Only JSON shows by its form that it is whole: the statistics, the dump of the
 * checkers and the data before keepalived 2.0 have no mark at their end. They were whole if afterwards no process that
 * writes has them open and they are still as they were.
 */
export async function readDumpOf(
  procfs: string,
  { vrrp, others, user }: Pick<Daemon, 'vrrp' | 'others' | 'user'>,
  kind: DumpKind,
  path: string,
): Promise<DumpFile | undefined> {
  const file = await readDumpFile(kind, path, [user]);
  if (kind === 'json' || !file || file.writing === '') return file;
  if (await isOpenIn(procfs, vrrp ? [vrrp, ...others] : others, path)) return undefined;
  return (await findFile(path, [user]))?.writing === file.writing ? file : undefined;
}

async function readOpenFile(
  kind: DumpKind,
  path: string,
  file: FileHandle,
  owners: readonly number[],
): Promise<DumpFile> {
  try {
    const before = await file.stat({ bigint: true });
    const distrust = findProblemOf(before, owners);
    if (distrust !== undefined) throw new UntrustedFileError(path, distrust);
    const text = removeSecrets(kind, (await readAtMost(file, maxDumpBytes)).toString('utf8'));
    const after = await file.stat({ bigint: true });
    const found = identify(before);
    const dump = { text, modifiedSeconds: found.modifiedSeconds };
    const changed = found.writing !== identify(after).writing;
    const problem = changed ? 'It changed while it was read' : findProblem(kind, dump);
    return { path, dump, ...found, problem };
  } finally {
    await file.close();
  }
}

/** With the size, for the clock of a file system may stand still while a file grows. */
function identify({ dev, ino, mtimeNs, size }: BigIntStats) {
  return { modifiedSeconds: Number(mtimeNs) / 1e9, writing: `${dev}:${ino}:${mtimeNs}:${size}` };
}

function explain<T>(path: string, attempt: Promise<T>): Promise<T> {
  return explainDenial(attempt, `Cannot read ${path}`, 'CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE');
}

function findProblem(kind: DumpKind, dump: Dump): string | undefined {
  try {
    wholeChecks[kind](dump);
    return undefined;
  } catch (error) {
    if (error instanceof ParseError) return error.message;
    throw error;
  }
}
