import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';

/**
 * Where tests keep files that are written hundreds of times a second: in memory if possible. ext4 writes a file that is
 * replaced to the disk at once, which keeps every other suite waiting.
 */
export const memoryDirectory = isWritable('/dev/shm') ? '/dev/shm' : tmpdir();

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
