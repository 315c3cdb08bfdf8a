import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Whether the programs are here that a suite runs against, given with their Debian packages. A suite that needs a
 * missing one is left out, and one line says so; with CI=true it is a failure.
 */
export function havePrograms(packages: Readonly<Record<string, string>>): boolean {
  const missing = Object.keys(packages).filter((program) => !isInstalled(program));
  if (missing.length === 0) return true;
  const cure = `apt-get install ${[...new Set(missing.map((program) => packages[program]))].join(' ')}`;
  if (process.env.CI === 'true') throw new Error(`${missing.join(', ')} not found: ${cure}`);
  process.stderr.write(`Left out, for want of ${missing.join(', ')}: ${cure}\n`);
  return false;
}

function isInstalled(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
