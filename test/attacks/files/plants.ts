import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What may be found in place of a file. */
export const plants: readonly (readonly [string, (path: string) => void])[] = [
  ['a FIFO', (path) => execFileSync('mkfifo', [path])],
  ['a link to itself', (path) => symlinkSync(basename(path), path)],
  ['a device', (path) => symlinkSync('/dev/zero', path)],
  ['a directory', (path) => mkdirSync(path)],
  ['a sparse file of 1 GB', (path) => writeFileSync(path, '') ?? truncateSync(path, 2 ** 30)],
];
