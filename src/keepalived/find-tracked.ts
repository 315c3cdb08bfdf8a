import { type DaemonName, nameDaemon } from './name.ts';
import { type Daemon, findDaemons, isUnchanged } from './process/daemon.ts';
import { isSameProcess, type Process } from './process/process.ts';
import { type DaemonDumpOptions, type DaemonView, type TrackedDaemon, trackDaemon } from './tracked-daemon.ts';

export interface FoundDaemon {
  readonly name: DaemonName;
  readonly tracked: TrackedDaemon;
  readonly view: DaemonView;
}

export interface FoundDaemons {
  readonly found: readonly FoundDaemon[];
  /** Why others cannot be read. */
  readonly problems: readonly unknown[];
  /** Lasting names of those that run: also of those that cannot be read. */
  readonly names: ReadonlySet<string>;
}

/** How long those that were found count as all there are, if none of them ended. */
const searchMilliseconds = 10_000;

/** Creates a function that finds running daemons, and keeps the identity of each for as long as it runs. */
export function createFind(
  settings: DaemonDumpOptions & { readonly networkNamespace: string },
): () => Promise<FoundDaemons> {
  const { procfs, networkNamespace, now } = settings;
  const tracked = createTracked(settings);
  let before: FoundDaemons = { found: [], problems: [], names: new Set() };
  let searched = Number.NEGATIVE_INFINITY;

  function isUpToDate(): boolean {
    const isRecent = now() - searched < searchMilliseconds;
    const { found, problems } = before;
    if (!isRecent || found.length === 0 || problems.length > 0) return false;
    return found.every(({ view }) => view.isComplete && isUnchanged(procfs, view.daemon));
  }

  return async () => {
    if (isUpToDate()) return before;
    searched = now();
    const { daemons, problems } = await findDaemons({ procfs, networkNamespace, isKnown: tracked.isKnown });
    before = await viewAll(await tracked.update(daemons), problems);
    return before;
  };
}

interface Tracked {
  readonly daemon: Daemon;
  /** Undefined for a program that is not keepalived. */
  readonly tracked: TrackedDaemon | undefined;
}

/** Keeps what is known of each keepalived for as long as its parent process runs. */
function createTracked(options: DaemonDumpOptions) {
  let all: readonly Tracked[] = [];
  const find = (parent: Process) => all.find(({ daemon }) => isSameProcess(daemon.parent, parent));
  return {
    isKnown: (parent: Process): boolean => find(parent)?.tracked !== undefined,
    async update(daemons: readonly Daemon[]): Promise<PromiseSettledResult<Tracked>[]> {
      const updated = daemons.map(async (daemon): Promise<Tracked> => {
        const earlier = find(daemon.parent);
        return { daemon, tracked: earlier ? earlier.tracked : await trackDaemon(options, daemon) };
      });
      const outcomes = await Promise.allSettled(updated);
      all = fulfilled(outcomes);
      return outcomes;
    },
  };
}

async function viewAll(
  outcomes: readonly PromiseSettledResult<Tracked>[],
  problems: readonly unknown[],
): Promise<FoundDaemons> {
  const known = fulfilled(outcomes).filter(
    (one): one is Tracked & { tracked: TrackedDaemon } => one.tracked !== undefined,
  );
  const daemons = known.map(({ daemon }) => daemon);
  const views = known.map(async ({ daemon, tracked }): Promise<FoundDaemon> => {
    return { name: nameDaemon(daemon, daemons), tracked, view: await tracked.look(daemon) };
  });
  const looked = await Promise.allSettled(views);
  return {
    found: fulfilled(looked),
    problems: [...problems, ...[...outcomes, ...looked].flatMap(reasonOf)],
    names: new Set(daemons.map((daemon) => nameDaemon(daemon, daemons).lasting)),
  };
}

function fulfilled<T>(outcomes: readonly PromiseSettledResult<T>[]): T[] {
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

function reasonOf(outcome: PromiseSettledResult<unknown>): unknown[] {
  return outcome.status === 'rejected' ? [outcome.reason] : [];
}
