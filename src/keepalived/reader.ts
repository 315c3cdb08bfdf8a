import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host, Keepalived } from '../host/host.ts';
import { type Daemon, findDaemons, isUnchanged } from './daemon.ts';
import type { Places } from './filesystem.ts';
import { absent, readLastDumps } from './last-dumps.ts';
import { type DaemonName, nameDaemon } from './name.ts';
import { isSameProcess } from './process.ts';
import type { Patience } from './request-dump.ts';
import { findSharedPlaces } from './shared-places.ts';
import { type KnownDaemon, meetDaemon } from './tracked-daemon.ts';

export interface KeepalivedReaderOptions extends Partial<Patience> {
  /** Where the proc file system is mounted. */
  readonly procfs: string;
  /** A file that stands for the network namespace whose keepalived is meant. This process's by default. */
  readonly networkNamespace?: string;
  /** Where dumps of a keepalived that no longer runs are looked for. */
  readonly lastDumpsDirectory?: string;
}

type Settings = Required<KeepalivedReaderOptions>;

/** The last dumps of every keepalived that was seen, by its lasting name. */
type LastDumps = Map<string, Keepalived['dumps']>;

export type KeepalivedReader = Pick<Host, 'keepalived' | 'requestDumps'>;

/**
 * Makes the functions that read what the keepaliveds of a network namespace wrote about themselves, and ask them to
 * write it anew. Calls that overlap share one run.
 *
 * - While one runs, only dumps of its present processes are given, each the last whole one. When it does not answer they
 *   stay as they were, with their old time.
 * - When it does not run, its last dumps are given: they say which instances there were, no longer how they are. Those
 *   of an earlier process count until a later one has written some.
 * - Several are told apart by what they were started with, which lasts longer than a process.
 */
export function createKeepalivedReader(options: KeepalivedReaderOptions): KeepalivedReader {
  const settings: Settings = {
    networkNamespace: `${options.procfs}/self/ns/net`,
    lastDumpsDirectory: '/tmp',
    timeoutMilliseconds: 3000,
    now: () => performance.now(),
    sleep,
    kill,
    ...options,
  };
  const find = shareRuns(createFind(settings));
  const request = shareRuns(async () => requestAll(await find()));
  const last: LastDumps = new Map();
  let firstRequest: Promise<unknown> | undefined;
  return {
    requestDumps() {
      const run = request();
      firstRequest ??= run.catch(() => undefined);
      return run;
    },
    keepalived: shareRuns(async () => {
      // Before it has been answered there may be nothing to read.
      await firstRequest;
      return await readAll(settings, await find(), last);
    }),
  };
}

function shareRuns<T>(run: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= run().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

interface FoundDaemon {
  readonly daemon: Daemon;
  readonly name: DaemonName;
  readonly known: KnownDaemon;
  readonly places: Places;
}

/** How long those that were found count as all there are, if none of them ended. */
const searchMilliseconds = 10_000;

/** Makes a function that finds those that run, and knows each for as long as it does. */
function createFind(settings: Settings): () => Promise<readonly FoundDaemon[]> {
  const { procfs, now } = settings;
  let before: readonly FoundDaemon[] = [];
  let searched = Number.NEGATIVE_INFINITY;
  return async () => {
    const isRecent = now() - searched < searchMilliseconds;
    if (isRecent && before.length > 0 && before.every(({ daemon }) => isUnchanged(procfs, daemon))) return before;
    searched = now();
    const daemons = await findDaemons(procfs, settings.networkNamespace);
    const found = daemons.map(async (daemon) => {
      const earlier = before.find((one) => isSameProcess(one.daemon.parent, daemon.parent));
      const known = earlier?.known ?? (await meetDaemon(settings, daemon));
      return { daemon, name: nameDaemon(daemon, daemons), known, places: await known.locate(daemon) };
    });
    before = await Promise.all(found);
    return before;
  };
}

/** One after the other, for they may write to the same files. */
async function requestAll(found: readonly FoundDaemon[]): Promise<void> {
  if (found.length === 0) throw absent('no keepalived in this network namespace');
  const problems: unknown[] = [];
  for (const { daemon, known, places } of found) {
    await known.renew(daemon, places).catch((problem: unknown) => problems.push(problem));
  }
  if (problems.length > 0) throw problems[0];
}

async function readAll(settings: Settings, found: readonly FoundDaemon[], last: LastDumps): Promise<Keepalived[]> {
  const shared = await findSharedPlaces(found.map(({ places }) => places));
  const reading = found.map(async ({ daemon, name, known, places }): Promise<Keepalived> => {
    const dumps = await known.read(daemon, shared.has(places) ? new Map() : places);
    const isEmpty = Object.keys(dumps).length === 0;
    last.set(name.lasting, isEmpty ? (last.get(name.lasting) ?? {}) : dumps);
    const version = known.version === undefined ? {} : { version: known.version };
    return { daemon: name.unique, running: true, ...version, dumps };
  });
  const running = await Promise.all(reading);
  const ended = [...last].filter(([lasting]) => !found.some(({ name }) => name.lasting === lasting));
  const all = [...running, ...ended.map(([daemon, dumps]) => ({ daemon, running: false, dumps }))];
  if (all.length === 0)
    return [{ daemon: '', running: false, dumps: await readLastDumps(settings.lastDumpsDirectory) }];
  return all.length === 1 ? all.map((one) => ({ ...one, daemon: '' })) : all;
}
