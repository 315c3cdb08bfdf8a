import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { computeAtOnce, computeInTurns, type Steps } from '../async/turns.ts';
import { readAtMost } from './trusted-file.ts';

/** A file of the kernel that is not what it must be: a pipe in its place, or larger than this program reads. */
export class UnreadableFileError extends Error {
  readonly code: 'ENOTFILE' | 'EFBIG';
  readonly path: string;

  constructor(code: 'ENOTFILE' | 'EFBIG', path: string, message: string) {
    super(`${code}: ${message}: ${path}`);
    this.name = 'UnreadableFileError';
    this.code = code;
    this.path = path;
  }
}

/**
 * Opens a regular file, which every file of procfs and sysfs is. Opening never waits: in a folder that was mounted over,
 * or that a flag names by mistake, a pipe without a writer would hold a thread of libuv for ever.
 */
async function openRegularFile(path: string, flags: number): Promise<{ file: FileHandle; size: number }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  try {
    const state = await file.stat();
    if (!state.isFile()) throw new UnreadableFileError('ENOTFILE', path, 'expected a regular file');
    return { file, size: state.size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * The text of a regular file of at most so many bytes. `flags` are further ones of open(2), such as O_NOFOLLOW. Rejects
 * with UnreadableFileError or Node's system error.
 */
export async function readRegularFile(path: string, maxBytes: number, flags = 0): Promise<string> {
  const { file, size } = await openRegularFile(path, flags);
  try {
    // procfs reports a size of 0: only reading shows how long the file is.
    const bytes = size > maxBytes ? undefined : await readAtMost(file, maxBytes + 1);
    if (bytes === undefined || bytes.length > maxBytes) {
      throw new UnreadableFileError('EFBIG', path, `file is larger than ${maxBytes} bytes`);
    }
    return bytes.toString('utf8');
  } finally {
    await file.close();
  }
}

/** Opens a regular file without a turn of the event loop. Never waits. */
export function openRegularFileSync(path: string): number {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new UnreadableFileError('ENOTFILE', path, 'expected a regular file');
}

/** The text of a regular file of at most so many bytes, without a turn of the event loop. */
export function readRegularFileSync(path: string, maxBytes: number): string {
  return computeAtOnce(readStepwise(path, maxBytes));
}

/**
 * The same with turns of the event loop between, for a file that the kernel writes from its memory and never waits for.
 * In threads each of its reads, a page at a time, would take ten times as long.
 */
export function readRegularFileInTurns(path: string, maxBytes: number): Promise<string> {
  return computeInTurns(readStepwise(path, maxBytes));
}

function* readStepwise(path: string, maxBytes: number): Steps<string> {
  const fd = openRegularFileSync(path);
  try {
    const bytes = fstatSync(fd).size > maxBytes ? undefined : yield* readPieces(fd, maxBytes + 1);
    if (bytes === undefined || bytes.length > maxBytes) {
      throw new UnreadableFileError('EFBIG', path, `file is larger than ${maxBytes} bytes`);
    }
    return bytes.toString('utf8');
  } finally {
    closeSync(fd);
  }
}

/** The first bytes of a file, into memory that grows with it: procfs reports a size of 0, and gives a page at a time. */
function* readPieces(fd: number, maxBytes: number): Steps<Buffer> {
  let bytes = Buffer.allocUnsafe(Math.min(8 * 1024, maxBytes));
  let length = 0;
  for (;;) {
    const read = readSync(fd, bytes, length, bytes.length - length, null);
    length += read;
    if (read === 0 || length === maxBytes) return bytes.subarray(0, length);
    if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(4 * length, maxBytes));
    yield;
  }
}

/** The text of a regular file part by part, of any length. */
export async function* readRegularParts(path: string, flags = 0): AsyncGenerator<string> {
  const { file } = await openRegularFile(path, flags);
  // Closes the file at its end, and when no more is wanted.
  yield* file.createReadStream({ encoding: 'utf8' });
}
