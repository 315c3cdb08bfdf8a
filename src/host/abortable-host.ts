import type { Host } from './host.ts';

export interface AbortableHost {
  readonly host: Host;
  /** Fulfilled when every call that was made has come to an end, aborted or not. */
  settle(): Promise<void>;
}

/**
 * The same host for one run of a collector. After an abort every call rejects with its reason, also those under way: a
 * system call cannot be cancelled, and ends when it does, but does not keep its caller.
 */
export function createAbortableHost(machine: Host, signal: AbortSignal): AbortableHost {
  const underWay = new Set<Promise<unknown>>();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // While no call is under way, the abort is of interest to none.
  aborted.catch(() => undefined);

  async function guard(call: () => Promise<unknown>): Promise<unknown> {
    signal.throwIfAborted();
    const answer = call();
    underWay.add(answer);
    const end = () => underWay.delete(answer);
    answer.then(end, end);
    return await Promise.race([answer, aborted]);
  }

  function wrap(host: Host): Host {
    return new Proxy(host, {
      get(_target, property: keyof Host) {
        const method = host[property];
        if (method === undefined || property === 'now') return method;
        if (property === 'enter') return (namespace: string) => wrap(host.enter(namespace));
        return (...parameters: unknown[]) =>
          guard(() => Reflect.apply(method as (...all: unknown[]) => Promise<unknown>, host, parameters));
      },
    });
  }

  return {
    host: wrap(machine),
    async settle() {
      await Promise.allSettled(underWay);
    },
  };
}
