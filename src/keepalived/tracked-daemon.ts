import { type DumpKind, dumpKinds, type Keepalived } from '../host/host.ts';
import { readBuild } from './build.ts';
import { type Daemon, readStartSeconds } from './daemon.ts';
import { type DumpFile, type FoundFile, findFile, findFiles, readDumpOf, toDump } from './dump-file.ts';
import { locateDumps, type Place, type Places } from './filesystem.ts';
import { type Patience, pollMilliseconds, requestFreshDumps } from './request-dump.ts';

/** A keepalived that runs, with its last whole dumps. Its parent process stays the same, the others may be replaced. */
export interface KnownDaemon {
  /** As its program says. */
  readonly version: string | undefined;
  locate(daemon: Daemon): Promise<Places>;
  /** Asks for new dumps. Rejects when one is not written. */
  renew(daemon: Daemon, places: Places): Promise<void>;
  /**
   * The dumps of its present processes. `places` are where new ones are looked for; none where others write to them,
   * too, so that only what it wrote when it was asked is known to be its own.
   */
  read(daemon: Daemon, places: Places): Promise<Keepalived['dumps']>;
}

export interface DumpOptions extends Patience {
  readonly procfs: string;
}

export async function meetDaemon(options: DumpOptions, { parent }: Daemon): Promise<KnownDaemon> {
  const { procfs, now, sleep, timeoutMilliseconds } = options;
  const build = await readBuild(procfs, parent);
  const files = new Map<DumpKind, DumpFile>();
  const answeredPaths = new Map<DumpKind, string>();

  function findLast(kind: DumpKind, place: Place): Promise<readonly FoundFile[]> {
    const path = answeredPaths.get(kind);
    return path === undefined ? findFiles(place) : findFile(path).then((file) => (file ? [file] : []));
  }

  /** Keeps the dump of a place if it is new and whole; gives one that is not. The first one is waited for. */
  async function readNew(daemon: Daemon, kind: DumpKind, place: Place, start: number): Promise<DumpFile | undefined> {
    const deadline = now() + timeoutMilliseconds;
    for (;;) {
      const last = files.get(kind);
      const found = (await findLast(kind, place)).find(({ modifiedSeconds }) => modifiedSeconds >= start);
      if (!found || found.writing === last?.writing) return undefined;
      const file = await readDumpOf(procfs, daemon, kind, found.path);
      if (file && file.problem === undefined) {
        files.set(kind, file);
        return undefined;
      }
      if (last || now() >= deadline) return file;
      await sleep(pollMilliseconds);
    }
  }

  /** Without instances there is no JSON, and nothing in the statistics. Whether there are checkers cannot be told before. */
  function isExpected({ vrrp }: Daemon, kind: DumpKind): boolean {
    if (kind === 'check') return vrrp === undefined || answeredPaths.has('check');
    return kind === 'data' || !files.has('data') || /^ VRRP Instance = /m.test(files.get('data')?.text ?? '');
  }

  return {
    version: build.version,
    locate: (daemon) => locateDumps(procfs, daemon, build),
    async renew(daemon, places) {
      const unanswered = await requestFreshDumps(options, daemon, places, (kind, file) => {
        files.set(kind, file);
        answeredPaths.set(kind, file.path);
      });
      const missing = unanswered.filter((kind) => isExpected(daemon, kind));
      if (missing.length === 0) return;
      throw new Error(
        `Expected keepalived, process ${daemon.parent.pid}, to write its dumps, got no new ${missing.join(', ')}`,
      );
    },
    async read(daemon, places) {
      const starts = await readStarts(procfs, daemon);
      const reading = [...places].map(([kind, place]) => readNew(daemon, kind, place, starts[kind]));
      const broken = (await Promise.all(reading)).find((file) => file !== undefined);
      const present = dumpKinds.flatMap((kind) => {
        const file = files.get(kind);
        return file && file.modifiedSeconds >= starts[kind] ? [[kind, file] as const] : [];
      });
      if (broken && !present.some(([kind]) => kind === 'json' || kind === 'data')) {
        throw new Error(`Expected ${broken.path} to be a whole dump, got: ${broken.problem}`);
      }
      return Object.fromEntries(present.map(([kind, file]) => [kind, toDump(file)]));
    },
  };
}

/** From when on a dump is of the present process that writes it, in Unix seconds. */
async function readStarts(procfs: string, { vrrp, others }: Daemon): Promise<Readonly<Record<DumpKind, number>>> {
  const never = Number.POSITIVE_INFINITY;
  const start = vrrp ? await readStartSeconds(procfs, vrrp) : never;
  const starts = await Promise.all(others.map((other) => readStartSeconds(procfs, other)));
  return { json: start, data: start, stats: start, check: others.length > 0 ? Math.max(...starts) : never };
}
