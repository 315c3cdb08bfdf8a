import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { geteuid } from 'node:process';

/**
 * A link on the way to a file that belongs to a user other than root and the one of this process. That user can have it
 * lead to any file: what is written there would be written in the name of this process. Undefined where there is none.
 */
export function findForeignLink(path: string): string | undefined {
  const absolute = resolve(path);
  const above = dirname(absolute);
  const earlier = above === absolute ? undefined : findForeignLink(above);
  if (earlier !== undefined) return earlier;
  const state = lstatSync(absolute, { throwIfNoEntry: false });
  if (!state?.isSymbolicLink()) return undefined;
  if (state.uid !== 0 && state.uid !== geteuid?.()) return absolute;
  return findForeignLink(resolve(realpathSync(above), readlinkSync(absolute)));
}
