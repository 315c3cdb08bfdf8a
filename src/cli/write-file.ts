import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hasCode } from '../host/errors.ts';
import { findForeignLink } from '../host/foreign-link.ts';

/**
 * Replaces a file in one step: a reader has the text before or the text after, and a failure leaves the file as it was.
 * The part that is being written does not end in `.prom`, so a textfile collector never reads it.
 */
export function replaceFile(path: string, text: string): void {
  const target = resolveTarget(path);
  const part = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    writeWhole(part, text);
    renameSync(part, target);
  } catch (error) {
    rmSync(part, { force: true });
    throw new Error(`Cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** The file itself, not a link to it. A device, a pipe or a folder is never replaced, nor what another user's link leads to. */
function resolveTarget(path: string): string {
  const target = findTarget(path);
  const link = findForeignLink(path);
  if (link !== undefined) throw new Error(`Cannot write ${path}: ${link} is a link of another user; name another file`);
  if (target === undefined || statSync(target).isFile()) return target ?? path;
  throw new Error(`Cannot write ${path}: expected a regular file`);
}

/** Undefined where there is none yet. */
function findTarget(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function writeWhole(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o644);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
