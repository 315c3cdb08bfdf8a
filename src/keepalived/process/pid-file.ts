import { hasCode } from '../../host/errors.ts';
import type { ProcessKind } from '../../host/host.ts';
import { readTrustedFile } from '../../host/trusted-file.ts';
import type { CommandLine } from './command-line.ts';

/** What the paths of the pid files of a keepalived follow from. */
export interface PidFiles {
  /** The root of its file system, as this process sees it. */
  readonly root: string;
  readonly user: number;
  readonly commandLine: CommandLine;
  /** `instance` of its configuration; empty where there is none. */
  readonly instance: string;
}

/**
 * The process that a pid file of keepalived names. Undefined where there is no such file, or one that is not
 * keepalived's. Source: make_pidfile_name() in keepalived/core/main.c.
 */
export async function readPidFile(files: PidFiles, which: ProcessKind | 'parent'): Promise<number | undefined> {
  const { root, user, commandLine, instance } = files;
  const given = commandLine.pidFiles.get(which);
  const suffix = instance === '' ? '' : `_${instance}`;
  const usual = [`/run/keepalived/${names[which]}${suffix}.pid`, `/run/${names[which]}.pid`];
  for (const path of given === undefined ? usual : [given]) {
    const pid = await readNumber(`${root}${path}`, user);
    if (pid !== undefined) return pid;
  }
  return undefined;
}

const names: Readonly<Record<ProcessKind | 'parent', string>> = {
  parent: 'keepalived',
  vrrp: 'vrrp',
  checker: 'checkers',
  bfd: 'bfd',
};

/** More than any number has. */
const maxBytes = 64;

async function readNumber(path: string, user: number): Promise<number | undefined> {
  try {
    const [, number] = /^\s*(\d+)\s*$/.exec(await readTrustedFile(path, { owners: [user, 0], maxBytes })) ?? [];
    return number === undefined ? undefined : Number(number);
  } catch (error) {
    if (hasCode(error, 'EUNTRUSTED', 'ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM', 'ELOOP')) return undefined;
    throw error;
  }
}
