import { closeSync, constants, lstatSync, openSync, readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { geteuid } from 'node:process';

/** Where a file is, or will be: an open folder, and the name of the file in it, which is no link unless one was asked for. */
export interface OpenPlace {
  readonly folder: number;
  readonly name: string;
}

/** The file of a place, whatever is put in place of a folder above it. */
export function pathOf({ folder, name }: OpenPlace): string {
  return `/proc/self/fd/${folder}/${name}`;
}

/** As many links the kernel follows. */
const maxLinks = 40;

/** O_PATH of include/uapi/asm-generic/fcntl.h: a folder that may be passed, but not read, is enough. */
const O_PATH = 0o10000000;
const folderFlags = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Follows a path step by step, its links too, and opens the folder that it leads to. Refuses a link that belongs to a user
 * other than root and the one of this process: what is written there would be written in the name of this process. Step by
 * step, because who owns a folder on the way can replace it between a check of the path and its use.
 *
 * @param followsLast whether to follow a link in place of the file itself.
 */
export function openPlace(path: string, followsLast = true): OpenPlace {
  const names = namesOf(resolve(path));
  let folder = openSync('/', folderFlags);
  const enter = (name: string) => {
    const next = openSync(name === '/' ? name : pathOf({ folder, name }), folderFlags);
    closeSync(folder);
    folder = next;
  };
  try {
    for (let links = 0; ; ) {
      const name = names.shift() ?? '.';
      if (names.length === 0 && !followsLast) return { folder, name };
      const target = readOwnLink({ folder, name });
      if (target === undefined) {
        if (names.length === 0) return { folder, name };
        enter(name);
        continue;
      }
      if (++links > maxLinks) throw Object.assign(new Error(`ELOOP: too many links: ${path}`), { code: 'ELOOP' });
      names.unshift(...namesOf(target));
      if (target.startsWith('/')) enter('/');
    }
  } catch (error) {
    closeSync(folder);
    throw error;
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

/** Where a link leads; undefined for what is none. */
function readOwnLink(place: OpenPlace): string | undefined {
  const before = lstatSync(pathOf(place), { throwIfNoEntry: false, bigint: true });
  if (!before?.isSymbolicLink()) return undefined;
  const target = readlinkSync(pathOf(place));
  const after = lstatSync(pathOf(place), { bigint: true });
  // The time changes when a link is moved away and back.
  const isSame = before.ino === after.ino && before.ctimeNs === after.ctimeNs;
  const owner = Number(before.uid);
  if (isSame && (owner === 0 || owner === geteuid?.())) return target;
  throw new Error(`${readlinkSync(`/proc/self/fd/${place.folder}`)}/${place.name} is a link of another user`);
}
