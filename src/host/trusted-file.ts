import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** What a file must be before its content is trusted. */
export interface Trust {
  /** Ids of the users who may own the file. */
  readonly owners: readonly number[];
  /** Largest size in bytes. */
  readonly maxBytes: number;
}

/** A file that exists and is not what it must be: a pipe, another user's file, writable by others, too large. */
export class UntrustedFileError extends Error {
  readonly code = 'EUNTRUSTED';
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`Expected ${path} to be ${problem}`);
    this.name = 'UntrustedFileError';
    this.path = path;
  }
}

/** O_PATH of include/uapi/asm-generic/fcntl.h: refers to a file without opening it. */
const O_PATH = 0o10000000;

/**
 * Opens a file for reading, in a directory that others may write to. The file is checked before it is opened: opening
 * a pipe could block, and opening a device can start what the device does. A symbolic link is refused.
 *
 * Rejects with `UntrustedFileError`, or with Node's system error.
 */
export async function openTrustedFile(path: string, trust: Trust): Promise<FileHandle> {
  const reference = await open(path, O_PATH | constants.O_NOFOLLOW);
  try {
    const problem = findDistrust(await reference.stat({ bigint: true }), trust);
    if (problem !== undefined) throw new UntrustedFileError(path, problem);
    return await open(`/proc/self/fd/${reference.fd}`, constants.O_RDONLY | constants.O_NONBLOCK);
  } finally {
    await reference.close();
  }
}

/** The text of a trusted file. */
export async function readTrustedFile(path: string, trust: Trust): Promise<string> {
  const file = await openTrustedFile(path, trust);
  try {
    const bytes = await readAtMost(file, trust.maxBytes + 1);
    if (bytes.length > trust.maxBytes) throw new UntrustedFileError(path, `at most ${trust.maxBytes} bytes long`);
    return bytes.toString('utf8');
  } finally {
    await file.close();
  }
}

/** Why a file is not trusted; undefined for one that is. */
export function findDistrust(state: BigIntStats, { owners, maxBytes }: Trust): string | undefined {
  if (!state.isFile()) return `a regular file, got ${nameKind(state)}`;
  if (!owners.includes(Number(state.uid))) return `owned by user ${owners.join(' or ')}, got user ${state.uid}`;
  if (isWritableByOthers(state)) return `writable by its owner alone, got mode ${(state.mode & 0o7777n).toString(8)}`;
  return state.size > maxBytes ? `at most ${maxBytes} bytes long, got ${state.size}` : undefined;
}

/** The group of root may write what root owns. */
function isWritableByOthers({ mode, gid }: BigIntStats): boolean {
  return (mode & 0o002n) !== 0n || ((mode & 0o020n) !== 0n && gid !== 0n);
}

function nameKind(state: BigIntStats): string {
  if (state.isSymbolicLink()) return 'a symbolic link';
  if (state.isFIFO()) return 'a FIFO';
  if (state.isDirectory()) return 'a directory';
  return state.isSocket() ? 'a socket' : 'a device';
}

/** Most files are shorter than the first piece, and one that is as long as a table needs few of the largest. */
const [firstPieceBytes, maxPieceBytes] = [8 * 1024, 256 * 1024];

/**
 * The first bytes of a file. procfs reports a size of 0, and a file may grow: the size is not relied on. procfs gives a
 * long file a page at a time, so that a piece is filled by many reads.
 */
export async function readAtMost(file: FileHandle, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let piece = Buffer.alloc(0);
  let [total, filled] = [0, 0];
  while (total < maxBytes) {
    if (filled === piece.length) {
      piece = Buffer.allocUnsafe(Math.min(nextPieceBytes(piece.length), maxBytes - total));
      pieces.push(piece);
      filled = 0;
    }
    const { bytesRead } = await file.read(piece, filled, piece.length - filled, total);
    if (bytesRead === 0) break;
    filled += bytesRead;
    total += bytesRead;
  }
  return Buffer.concat(pieces, total);
}

function nextPieceBytes(length: number): number {
  return length === 0 ? firstPieceBytes : Math.min(length * 4, maxPieceBytes);
}
