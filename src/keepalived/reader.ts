import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Keepalived, KeepalivedReader } from '../host/host.ts';
import { absent, readLastDumps } from './dump/last-dumps.ts';
import type { RequestSettings } from './dump/request-dump.ts';
import { findSharedPlaces } from './dump/shared-places.ts';
import { createFind, type FoundDaemons } from './find-tracked.ts';
import { createEndedDaemons, type EndedDaemons } from './process/ended-daemons.ts';

export interface KeepalivedReaderOptions extends Partial<RequestSettings> {
  /** Mount point of the proc file system. */
  readonly procfs: string;
  /** A file that stands for the network namespace whose keepalived is meant. This process's by default. */
  readonly networkNamespace?: string;
  /** Where dumps of a keepalived are looked for that ran before this program. Nowhere by default. */
  readonly lastDumpsDirectory?: string | undefined;
}

/**
 * Makes the functions that read what the keepaliveds of a network namespace wrote about themselves, and ask them to
 * write it again. Calls that overlap share one run.
 *
 * - While one runs, dumps of its present processes are given, each the last whole one. When it does not answer they stay
 *   as they were, with their old time. While its VRRP process is away, the dumps of the one before are given as ended.
 * - When it does not run, its last dumps are given: they report which instances there were, no longer how they are. Those
 *   of an earlier process count until a later one has written some.
 * - Several are distinguished by what they were started with, which lasts longer than a process.
 * - One that cannot be read costs the others nothing. It is a failure to ask it.
 */
export function createKeepalivedReader(options: KeepalivedReaderOptions): KeepalivedReader {
  const settings = {
    networkNamespace: `${options.procfs}/self/ns/net`,
    timeoutMilliseconds: 3000,
    now: () => performance.now(),
    sleep,
    kill,
    ...options,
  };
  const find = shareRuns(createFind(settings));
  const request = shareRuns(async () => requestAll(await find()));
  const ended = createEndedDaemons(settings.now);
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
      return await readAll(await find(), ended, settings.lastDumpsDirectory);
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

/** One after the other, for they may write to the same files. */
async function requestAll({ found, problems }: FoundDaemons): Promise<void> {
  if (found.length === 0 && problems.length === 0) throw absent('no keepalived in this network namespace');
  const all = [...problems];
  for (const { tracked, view } of found) await tracked.renew(view).catch((problem: unknown) => all.push(problem));
  if (all.length > 0) throw all[0];
}

async function readAll(
  { found, problems, names }: FoundDaemons,
  ended: EndedDaemons,
  lastDumpsDirectory: string | undefined,
): Promise<Keepalived[]> {
  const shared = await findSharedPlaces(found.map(({ view }) => view.places));
  const reading = found.map(async ({ name, tracked, view }): Promise<Keepalived> => {
    const { dumps, processes, awaitsVrrp } = await tracked.read(view, shared.has(view.places));
    ended.note(name.lasting, dumps);
    const given = awaitsVrrp && Object.keys(dumps).length === 0 ? asEnded(ended.find(name.lasting)) : dumps;
    return { daemon: name.unique, running: true, version: tracked.version, processes, dumps: given };
  });
  const outcomes = await Promise.allSettled(reading);
  const running = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (running.length === 0 && failures.length + problems.length > 0) throw [...failures, ...problems][0];
  const all = [...running, ...ended.list(names)];
  if (all.length === 0) return [{ daemon: '', running: false, dumps: await readLastDumps(lastDumpsDirectory) }];
  return all.length === 1 ? all.map((one) => ({ ...one, daemon: '' })) : all;
}

function asEnded(dumps: Keepalived['dumps']): Keepalived['dumps'] {
  return Object.fromEntries(Object.entries(dumps).map(([kind, dump]) => [kind, { ...dump, ended: true }]));
}
