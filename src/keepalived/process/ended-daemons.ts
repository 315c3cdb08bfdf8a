import type { Keepalived } from '../../host/host.ts';

/** The last dumps of every keepalived that was seen, by its lasting name. */
export interface EndedDaemons {
  /** Takes what one that runs wrote. */
  note(name: string, dumps: Keepalived['dumps']): void;
  /** What one wrote last, of whichever process. */
  find(name: string): Keepalived['dumps'];
  /** Those that run no longer. `running` are the names of those that do. */
  list(running: ReadonlySet<string>): Keepalived[];
}

/** For so long one that ended is reported beside others. The only one is reported until it runs again. */
const rememberMilliseconds = 24 * 3_600_000;

/** More than one machine has: the rest are attempts. */
const maxEnded = 8;

interface Remembered {
  readonly dumps: Keepalived['dumps'];
  /** When it was first seen not to run; undefined while it runs. */
  readonly endedMilliseconds: number | undefined;
}

export function createEndedDaemons(now: () => number): EndedDaemons {
  const all = new Map<string, Remembered>();

  const find = (name: string) => all.get(name)?.dumps ?? {};

  function listEnded(running: ReadonlySet<string>): (readonly [string, number])[] {
    const ended = [...all].filter(([name]) => !running.has(name));
    return ended
      .map(([name, { endedMilliseconds = now() }]) => [name, endedMilliseconds] as const)
      .sort(([, one], [, other]) => other - one);
  }

  /** The one that ended last stays where no other runs: it is missed. */
  function forget(running: ReadonlySet<string>): void {
    for (const [index, [name, ended]] of listEnded(running).entries()) {
      const isOnly = index === 0 && running.size === 0;
      if (!isOnly && (index >= maxEnded || now() - ended >= rememberMilliseconds)) all.delete(name);
    }
  }

  return {
    note(name, dumps) {
      const isEmpty = Object.keys(dumps).length === 0;
      all.set(name, { dumps: isEmpty ? find(name) : dumps, endedMilliseconds: undefined });
    },
    find,
    list(running) {
      forget(running);
      return listEnded(running).map(([daemon, endedMilliseconds]) => {
        const dumps = find(daemon);
        all.set(daemon, { dumps, endedMilliseconds });
        return { daemon, running: false, dumps };
      });
    },
  };
}
