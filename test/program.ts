import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A run of the built program. */
export interface Program {
  readonly process: ChildProcess;
  /** The first address it listens on. */
  readonly address: { readonly port: number };
  /** What it wrote to standard error so far: its log. */
  readonly log: () => string;
  /** Its answer to GET at the first address it listens on. */
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  /** Fulfilled when every scheduled collector has run once. */
  readonly ready: () => Promise<void>;
  /** Fulfilled with its exit code when it has ended. */
  readonly ended: Promise<number | null>;
}

/** Starts the program with these arguments on a port of its own, and waits until it listens. */
export function startProgram(...args: readonly string[]): Promise<Program> {
  return startUnder([process.execPath], args);
}

/**
 * The same with the garbage collected every 100 ms, so that what the heap holds is what is in use, but for a third of the
 * time at most: on a busy machine nothing else would be done.
 */
export function startCollectingGarbage(...args: readonly string[]): Promise<Program> {
  const collect = `const collect = () => {
    const started = performance.now();
    globalThis.gc();
    setTimeout(collect, Math.max(100, 2 * (performance.now() - started))).unref();
  };
  collect();`;
  const module = `data:text/javascript,${encodeURIComponent(collect)}`;
  return startUnder([process.execPath, '--expose-gc', '--import', module], args);
}

/** The same with its system calls written to a file. strace is not the parent, so that signals reach the program. */
export function startTraced(file: string, ...args: readonly string[]): Promise<Program> {
  return startUnder(['strace', '-D', '-f', '-x', '--trace=%file,%network', '-o', file, process.execPath], args);
}

/** The same with a fault that strace injects into system calls: `setns:error=EPERM:when=3`. */
export function startWithFault(fault: string, ...args: readonly string[]): Promise<Program> {
  const [call] = fault.split(':', 1);
  const traced = ['strace', '-D', '-f', '-qq', '-o', '/dev/null', `--trace=${call}`, `--inject=${fault}`];
  return startUnder([...traced, process.execPath], args);
}

/** The same with less privilege: `setpriv` sets how much. */
export function startWithPrivilege(setpriv: readonly string[], ...args: readonly string[]): Promise<Program> {
  return startUnder(['setpriv', ...setpriv, process.execPath], args);
}

/** The same with a resource limit: `prlimit` sets it. */
export function startWithLimit(prlimit: string, ...args: readonly string[]): Promise<Program> {
  return startUnder(['prlimit', prlimit, process.execPath], args);
}

/** The same with this much room for objects, and this much memory in all, in megabytes. */
export function startWithMemory(heap: number, total: number, ...args: readonly string[]): Promise<Program> {
  const limited = ['prlimit', `--data=${total * 2 ** 20}`, process.execPath, `--max-old-space-size=${heap}`];
  return startUnder(limited, args);
}

/** The same in another network namespace, one of `ip netns`, on a port of this one. */
export async function startInNamespace(namespace: string, ...args: readonly string[]): Promise<Program> {
  const { descriptor, close } = await openListeningSocket();
  const command = ['ip', 'netns', 'exec', namespace, 'sh', '-c', onSystemdSocket, process.execPath];
  const program = await startUnder(command, ['--web.systemd-socket', ...args], descriptor);
  close();
  return program;
}

/** Starts its words with descriptor 3 as systemd hands over a socket. Only the process itself has its identifier. */
export const onSystemdSocket = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"';

/** A socket for `onSystemdSocket`. It is no longer needed here once the program has it. */
export async function openListeningSocket() {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  const { fd: descriptor }: { readonly fd: number } = Reflect.get(socket, '_handle');
  return { port, descriptor, close: () => void socket.close() };
}

async function startUnder(
  [command = '', ...before]: readonly string[],
  args: readonly string[],
  ...descriptors: readonly number[]
): Promise<Program> {
  const words = [...before, main, '--web.listen-address=127.0.0.1:0', '--log.format=json', ...args];
  const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe', ...descriptors] });
  const ended = once(child, 'close').then(([code]) => code);
  let log = '';
  const port = await new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', (data) => {
      log += data;
      const [, found] = /"address":"127\.0\.0\.1:(\d+)"/.exec(log) ?? [];
      if (found !== undefined) resolve(found);
    });
    ended.then(() => reject(new Error(`The program ended before it listened: ${log}`)));
  });
  const get: Program['get'] = (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init);
  return {
    process: child,
    address: { port: Number(port) },
    log: () => log,
    get,
    async ready() {
      while ((await get('/-/ready')).status !== 200) await sleep(20);
    },
    ended,
  };
}

/** The first address that a program listens on, which logs in the format of logfmt. */
export async function loggedAddress(stderr: Readable): Promise<string> {
  let address: string | undefined;
  // Goes on reading: a pipe that is full would hold the program.
  const lines = createInterface({ input: stderr });
  const found = new Promise<void>((resolve) => {
    lines.on('close', resolve).on('line', (line) => {
      address ??= /address=(\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve();
    });
  });
  await found;
  if (address === undefined) throw new Error('The program ended before it listened');
  return address;
}

/** Runs the program to its end. */
export async function runProgram(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}
