import { stat } from 'node:fs/promises';
import { ifPresent } from '../../host/errors.ts';
import type { DumpKind } from '../../host/host.ts';
import { readRegularFile } from '../../host/regular-file.ts';
import type { KeepalivedBuild } from '../process/build.ts';
import { type ConfigurationText, findWord } from '../process/configuration-files.ts';
import type { Daemon } from '../process/daemon.ts';
import { maxStackBytes, type Process, readAsKeepalived } from '../process/process.ts';

/** Where a keepalived writes a dump, as this process sees it. */
export interface Place {
  readonly directory: string;
  readonly name: string;
  /**
   * The other names that the file may have for an instance, or where the configuration does not set them, what they look
   * like.
   */
  readonly variants: readonly string[] | ((name: string) => boolean);
  /** Ids of the users whose file it may be. */
  readonly owners: readonly number[];
}

export type Places = ReadonlyMap<DumpKind, Place>;

/** As they are named unless the configuration renames them. */
export const dumpFileNames: Readonly<Record<DumpKind, string>> = {
  json: 'keepalived.json',
  data: 'keepalived.data',
  stats: 'keepalived.stats',
  check: 'keepalived_check.data',
};

/** The root of the file system of a keepalived, which may have a mount namespace (PrivateTmp, a container). */
function rootOf(procfs: string, { parent, vrrp }: Pick<Daemon, 'parent' | 'vrrp'>): string {
  return `${procfs}/${(vrrp ?? parent).pid}/root`;
}

/**
 * The places of all dumps that a keepalived can write. With `data_use_instance` the text dumps have its network
 * namespace and its instance in their names, and `state_dump_file` gives them another name or folder. Neither moves
 * JSON and statistics.
 */
export async function locateDumps(
  procfs: string,
  daemon: Daemon,
  build: KeepalivedBuild,
  configuration: ConfigurationText,
): Promise<Places> {
  const root = rootOf(procfs, daemon);
  const temporary = await findTemporaryDirectory(procfs, root, daemon.vrrp ?? daemon.parent, build);
  const text = readStateDumpFile(configuration.text, temporary);
  const owners = [daemon.user];
  const fixed = (name: string): Place => ({ directory: `${root}${temporary}`, name, variants: [], owners });
  const state = (infix: string): Place => {
    const [stem, directory] = [`${text.stem}${infix}`, `${root}${text.directory}`];
    const variants = findVariants(configuration, daemon, stem, text.extension);
    return { directory, name: `${stem}${text.extension}`, variants, owners };
  };
  return new Map([
    ['json', fixed(dumpFileNames.json)],
    ['data', state('')],
    ['stats', fixed(dumpFileNames.stats)],
    ['check', state('_check')],
  ]);
}

/** `keepalived.lvs.data`, `keepalived.netns_lvs.data`: of an instance, in a network namespace. */
function findVariants(
  { text, isComplete }: ConfigurationText,
  { commandLine }: Daemon,
  stem: string,
  extension: string,
): Place['variants'] {
  if (!isComplete) {
    return (name) =>
      name.startsWith(`${stem}.`) && name.endsWith(extension) && name.length > stem.length + 1 + extension.length;
  }
  if (!/^\s*data_use_instance\b/m.test(text)) return [];
  const [instance, namespace] = [findWord(text, 'instance'), commandLine.namespace || findWord(text, 'net_namespace')];
  const infixes = [`${namespace}_${instance}`, instance, namespace];
  return infixes.filter((infix) => infix !== '').map((infix) => `${stem}.${infix}${extension}`);
}

/** Source: set_tmp_dir() in lib/utils.c. keepalived obeys TMPDIR from 2.2.5 on. */
async function findTemporaryDirectory(
  procfs: string,
  root: string,
  { pid }: Process,
  { temporaryDirectory }: KeepalivedBuild,
): Promise<string> {
  const environment = await readAsKeepalived(`${procfs}/${pid}/environ`, (path) =>
    readRegularFile(path, maxStackBytes),
  );
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
 * What `state_dump_file` of the configuration makes of the text dumps, from keepalived 2.3.3 on. Source:
 * open_dump_file() in keepalived/core/global_data.c.
 */
function readStateDumpFile(configuration: string, temporary: string): StateDumpFile {
  const path = findWord(configuration, 'state_dump_file');
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1) || dumpFileNames.data;
  const dot = name.includes('.') ? name.lastIndexOf('.') : name.length;
  const directory = path.startsWith('/') ? path.slice(0, slash) : temporary;
  return { directory, stem: name.slice(0, dot), extension: name.slice(dot) };
}
