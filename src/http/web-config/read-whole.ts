import { statSync } from 'node:fs';

/** Of files that are replaced together, one may be read before and one after it: what fails then is tried again. */
export function readWhole<T>(files: readonly string[], read: () => T): { readonly stamp: string; readonly value: T } {
  for (let triesLeft = 2; ; triesLeft--) {
    // Before the files are read: one that changes in between is read once more than needed.
    const stamp = stampOf(files);
    try {
      return { stamp, value: read() };
    } catch (error) {
      if (triesLeft === 0 || stampOf(files) === stamp) throw error;
    }
  }
}

/** Differs once a file was written or replaced. */
export function stampOf(files: readonly string[]): string {
  return files.map(stampOfFile).join();
}

function stampOfFile(file: string): string {
  const status = statSync(file, { bigint: true, throwIfNoEntry: false });
  return status === undefined ? 'none' : `${status.ino}:${status.size}:${status.mtimeNs}:${status.ctimeNs}`;
}
