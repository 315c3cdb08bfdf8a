import { statSync } from 'node:fs';
import { readRegularFileSync } from '../../host/regular-file.ts';

/** st_rdev of /dev/null: major number 1, minor number 3, wherever it is mounted. */
const nullDevice = (1 << 8) | 3;

/** The text of a file that a web configuration is or names. /dev/null stands for an empty one, as exporter-toolkit takes it. */
export function readConfigured(path: string, maxBytes: number): string {
  const state = statSync(path, { throwIfNoEntry: false });
  if (state?.isCharacterDevice() && state.rdev === nullDevice) return '';
  return readRegularFileSync(path, maxBytes);
}
