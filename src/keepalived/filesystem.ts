import { readFile, stat } from 'node:fs/promises';
import { hasCode, ifPresent } from '../host/errors.ts';
import type { DumpKind } from '../host/host.ts';
import type { Build } from './build.ts';
import type { Daemon } from './daemon.ts';
import { type Process, readAsKeepalived } from './process.ts';

/** Where a keepalived writes a dump, as this process sees it. */
export interface Place {
  readonly directory: string;
  readonly name: string;
  /** Tells whether a name is the one that the file has for an instance. Undefined where it has no other name. */
  readonly isVariant: ((name: string) => boolean) | undefined;
}

export type Places = ReadonlyMap<DumpKind, Place>;

/** As they are named unless the configuration renames them. */
export const dumpFileNames: Readonly<Record<DumpKind, string>> = {
  json: 'keepalived.json',
  data: 'keepalived.data',
  stats: 'keepalived.stats',
  check: 'keepalived_check.data',
};

/**
 * The places of all dumps that a keepalived can write: below /proc/[pid]/root, for it may have a mount namespace
 * (PrivateTmp, a container). With `data_use_instance` the text dumps have its network namespace and its instance in
 * their names, and `state_dump_file` gives them another name or folder. Neither moves JSON and statistics.
 */
export async function locateDumps(procfs: string, daemon: Daemon, build: Build): Promise<Places> {
  const { parent, vrrp, others, configuration } = daemon;
  const writer = vrrp ?? parent;
  const root = `${procfs}/${writer.pid}/root`;
  const temporary = await findTemporaryDirectory(procfs, root, writer, build);
  const text = await readStateDumpFile(`${root}${configuration.file}`, temporary);
  const fixed = (name: string) => ({ directory: `${root}${temporary}`, name, isVariant: undefined });
  const state = (infix: string) => placeState(`${root}${text.directory}`, `${text.stem}${infix}`, text.extension);
  const places = new Map<DumpKind, Place>();
  if (vrrp) {
    places.set('json', fixed(dumpFileNames.json));
    places.set('data', state(''));
    places.set('stats', fixed(dumpFileNames.stats));
  }
  if (others.length > 0) places.set('check', state('_check'));
  return places;
}

/** `keepalived.data`, or with an instance `keepalived.lvs.data`. */
function placeState(directory: string, stem: string, extension: string): Place {
  return {
    directory,
    name: `${stem}${extension}`,
    isVariant: (name) =>
      name.startsWith(`${stem}.`) && name.endsWith(extension) && name.length > stem.length + 1 + extension.length,
  };
}

/** Source: set_tmp_dir() in lib/utils.c. keepalived obeys TMPDIR from 2.2.5 on. */
async function findTemporaryDirectory(
  procfs: string,
  root: string,
  { pid }: Process,
  { temporaryDirectory }: Build,
): Promise<string> {
  const environment = await readAsKeepalived(`${procfs}/${pid}/environ`, (path) => readFile(path, 'utf8'));
  const [, directory] = /(?:^|\0)TMPDIR=(\/[^\0]*)/.exec(environment ?? '') ?? [];
  if (directory === undefined) return temporaryDirectory;
  const found = await readAsKeepalived(`${root}${directory}`, (path) => ifPresent(stat(path)));
  return found?.isDirectory() ? directory : temporaryDirectory;
}

interface StateDumpFile {
  readonly directory: string;
  readonly stem: string;
  readonly extension: string;
}

/**
 * What `state_dump_file` of the configuration makes of the text dumps, from keepalived 2.3.3 on. Files that the
 * configuration includes are not looked into. Source: open_dump_file() in keepalived/core/global_data.c.
 */
async function readStateDumpFile(configuration: string, temporary: string): Promise<StateDumpFile> {
  const text = await readAsKeepalived(configuration, readConfiguration);
  const [, path = ''] = /^[ \t]*state_dump_file[ \t]+"?([^\s"]+)/m.exec(text ?? '') ?? [];
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1) || dumpFileNames.data;
  const dot = name.includes('.') ? name.lastIndexOf('.') : name.length;
  const directory = path.startsWith('/') ? path.slice(0, slash) : temporary;
  return { directory, stem: name.slice(0, dot), extension: name.slice(dot) };
}

/** A folder or a pattern, which may be given instead of a file, is not looked into either. */
async function readConfiguration(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return '';
    throw error;
  }
}
