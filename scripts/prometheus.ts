import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from './executable.ts';

export interface Prometheus {
  readonly url: string;
  /** Fulfilled when it has ended, for any reason. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  /** A file. */
  readonly configuration: string;
  /** A folder. */
  readonly data: string;
  readonly port: number;
  /** Debian's, unless given. */
  readonly program?: string;
  /** More words of the command line. */
  readonly words?: readonly string[];
}

/** Throws where there is none, with the package that brings it. */
export function requirePrometheus(): void {
  if (findProgram('prometheus') === undefined) throw new Error('Cannot find prometheus: apt-get install prometheus');
}

/** Starts a Prometheus on loopback. Rejects, with the reason, if it does not come up. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { configuration, data, port, program, words = [] } = options;
  if (program === undefined) requirePrometheus();
  const address = `127.0.0.1:${port}`;
  const url = `http://${address}`;
  const child = spawn(
    program ?? 'prometheus',
    [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=${address}`,
      '--log.level=error',
      ...words,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'close');
  const stop = async () => {
    child.kill();
    await ended;
  };
  try {
    await untilReady(url, child, ended);
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
  child.stderr.pipe(process.stderr);
  return { url, ended, stop };
}

async function untilReady(url: string, child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  let output = '';
  child.stderr?.on('data', (data) => {
    output += data;
  });
  const failed = ended.then(
    () => Promise.reject(new Error(`Prometheus ended: ${output.trim().split('\n').at(-1)}`)),
    (error: unknown) => Promise.reject(error),
  );
  failed.catch(() => undefined);
  const ask = () => fetch(`${url}/-/ready`).catch(() => undefined);
  while (!(await Promise.race([failed, ask()]))?.ok) await Promise.race([failed, sleep(100)]);
}
