import type { DumpKind } from '../../host/host.ts';
import type { Daemon } from '../process/daemon.ts';
import { type DumpFile, type FoundFile, findFile, findFiles, readDumpOf } from './dump-file.ts';
import type { Place } from './filesystem.ts';
import { pollMilliseconds, type RequestSettings } from './request-dump.ts';

/** The last whole dumps of one keepalived. */
export interface KeptDumps {
  get(kind: DumpKind): DumpFile | undefined;
  /** Takes a dump that keepalived wrote when it was asked. From then on it is looked for at that path alone. */
  takeAnswer(kind: DumpKind, file: DumpFile): void;
  hasAnswered(kind: DumpKind): boolean;
  /** Notes a dump that was waited for and is not whole. The same writing is not waited for again. */
  refuse(kind: DumpKind, file: DumpFile): void;
  /**
   * Keeps the dump of a place if it is new and whole. Resolves to one that is not. `start` is from when on it counts, in
   * Unix seconds. The first dump is waited for.
   */
  readNew(daemon: Daemon, kind: DumpKind, place: Place, start: number): Promise<DumpFile | undefined>;
}

export function createKeptDumps(options: RequestSettings & { readonly procfs: string }): KeptDumps {
  const { procfs, now, sleep, timeoutMilliseconds } = options;
  const files = new Map<DumpKind, DumpFile>();
  const refused = new Map<DumpKind, DumpFile>();
  const answeredPaths = new Map<DumpKind, string>();

  function findLast(kind: DumpKind, place: Place): Promise<readonly FoundFile[]> {
    const path = answeredPaths.get(kind);
    return path === undefined ? findFiles(place) : findFile(path, place.owners).then((file) => (file ? [file] : []));
  }

  return {
    get: (kind) => files.get(kind),
    takeAnswer(kind, file) {
      files.set(kind, file);
      answeredPaths.set(kind, file.path);
    },
    hasAnswered: (kind) => answeredPaths.has(kind),
    refuse: (kind, file) => refused.set(kind, file),
    async readNew(daemon, kind, place, start) {
      const deadline = now() + timeoutMilliseconds;
      for (;;) {
        const last = files.get(kind);
        const found = (await findLast(kind, place)).find(({ modifiedSeconds }) => modifiedSeconds >= start);
        if (!found || found.writing === last?.writing) return undefined;
        if (found.writing === refused.get(kind)?.writing) return refused.get(kind);
        const file = await readDumpOf(procfs, daemon, kind, found.path);
        if (file && file.problem === undefined) {
          files.set(kind, file);
          return undefined;
        }
        if (last) return file;
        if (now() >= deadline) {
          if (file) refused.set(kind, file);
          return file;
        }
        await sleep(pollMilliseconds);
      }
    },
  };
}
