import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../host/errors.ts';
import { type OpenPlace, openPlace, pathOf } from '../host/open-place.ts';

/**
 * Replaces a file in one step: a reader has the text before or the text after, and a failure leaves the file as it was.
 * The part that is being written does not end in `.prom`, so a textfile collector never reads it. Of a link, what it leads
 * to is replaced, unless it is another user's.
 */
export function replaceFile(path: string, text: string): void {
  let place: OpenPlace | undefined;
  try {
    place = openPlace(path);
    replaceAt(place, text);
  } catch (error) {
    const problem = place
      ? messageOf(error).replaceAll(`/proc/self/fd/${place.folder}`, dirname(path))
      : messageOf(error);
    throw new Error(`Cannot write ${path}: ${problem}`, { cause: error });
  } finally {
    if (place) closeSync(place.folder);
  }
}

/** A device, a pipe or a folder is never replaced. */
function replaceAt(place: OpenPlace, text: string): void {
  if (lstatSync(pathOf(place), { throwIfNoEntry: false })?.isFile() === false)
    throw new Error('expected a regular file');
  const part = pathOf({ ...place, name: `.${place.name}.${randomUUID()}` });
  try {
    writeWhole(part, text);
    renameSync(part, pathOf(place));
  } catch (error) {
    rmSync(part, { force: true });
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
