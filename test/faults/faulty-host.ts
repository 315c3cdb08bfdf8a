import type { Host } from '../../src/host/host.ts';

/** A method that takes time, of which every call can go wrong. */
export type Method = Exclude<keyof Host, 'now' | 'enter'>;

type Ask = (...parameters: unknown[]) => Promise<unknown>;

/** What a call comes to instead. `ask` makes it really; `hang` lasts until there is another fault, or none. */
export type Fault = (ask: Ask, parameters: unknown[], hang: () => Promise<void>) => Promise<unknown>;

/** A call: `readFile /proc/net/ip_vs`; of another network namespace `blue: flows`. */
export interface Call {
  readonly name: string;
  readonly method: Method;
}

export interface FaultyHost {
  readonly host: Host;
  /** The calls since this was last asked, each once. */
  takeCalls(): Call[];
  /** From now on it is asked of each call, in their order, what goes wrong with it. */
  inject(findFault: (call: Call) => Fault | undefined): void;
  /** From now on every call is as it is on the machine. Those that hang go on. */
  repair(): void;
  /** Fulfilled when all that was asked is answered, but for what hangs. */
  settle(): Promise<void>;
}

/** A host of which a call can go wrong. It has the methods of the machine's, whatever they are. */
export function createFaultyHost(machine: Host): FaultyHost {
  let calls = new Map<string, Call>();
  let findFault: (call: Call) => Fault | undefined = () => undefined;
  let hung: (() => void)[] = [];
  let underWay = 0;

  async function hang(): Promise<void> {
    underWay--;
    await new Promise<void>((resolve) => hung.push(resolve));
    underWay++;
  }

  async function answer(call: Call, ask: Ask, parameters: unknown[]): Promise<unknown> {
    calls.set(call.name, call);
    underWay++;
    try {
      return await (findFault(call)?.(ask, parameters, hang) ?? ask(...parameters));
    } finally {
      underWay--;
    }
  }

  function wrap(host: Host, prefix: string): Host {
    return new Proxy(host, {
      get(target, property) {
        const method = property as keyof Host;
        if (method === 'now') return () => target.now();
        if (method === 'enter') return (namespace: string) => wrap(target.enter(namespace), `${namespace}: `);
        const ask: Ask = (...parameters) => Reflect.apply(target[method] as Ask, target, parameters);
        return (...parameters: unknown[]) => {
          const [path] = parameters;
          const name = typeof path === 'string' ? `${prefix}${method} ${path}` : `${prefix}${method}`;
          return answer({ name, method }, ask, parameters);
        };
      },
    });
  }

  return {
    host: wrap(machine, ''),
    takeCalls() {
      const taken = [...calls.values()];
      calls = new Map();
      return taken;
    },
    inject(find) {
      findFault = find;
    },
    repair() {
      findFault = () => undefined;
      for (const goOn of hung) goOn();
      hung = [];
    },
    async settle() {
      // What is answered is worked with before the next turn, and may lead to another call.
      do await new Promise(setImmediate);
      while (underWay > 0);
      await new Promise(setImmediate);
    },
  };
}
