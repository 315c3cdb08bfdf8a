import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { logMessages } from '../../src/log/messages.ts';
import type { Image } from './image.ts';
import { configure } from './oci-configuration.ts';

const run = promisify(execFile);

/** What an engine is asked for: the words of compose.yaml and of a securityContext alike. */
export interface Privilege {
  /** `0:0`; that of the image by default. */
  readonly user?: string;
  /** Of all capabilities, these alone: without `CAP_`. */
  readonly capabilities: readonly string[];
  readonly hostPid?: boolean;
}

export interface ContainerOptions extends Privilege {
  readonly image: Image;
  readonly folder: string;
  /** Name of the network namespace that stands for that of the host. */
  readonly network: string;
  readonly args: readonly string[];
}

export interface Container {
  readonly log: () => string;
  /** Runs a program in it, as an engine does for a health check. */
  exec(...words: readonly string[]): Promise<{ readonly code: number; readonly output: string }>;
  /** Sends the stop signal of its image and waits for the exit code. */
  stop(): Promise<number | null>;
}

/**
 * Runs an image as Docker does, through runc: with its masked paths and its system call filter, a read-only file tree and
 * no new privileges.
 */
export async function startContainer(options: ContainerOptions): Promise<Container> {
  const { image, folder, network } = options;
  const bundle = join(folder, `bundle-${network}`);
  await mkdir(bundle, { recursive: true });
  await writeFile(join(bundle, 'config.json'), JSON.stringify(await configure(options)));
  const id = network;
  const child = spawn('runc', ['run', '--bundle', bundle, id], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const log = gather(child);
  await untilListening(ended, log);
  return {
    log,
    exec: (...words) => execute(['exec', '--user', options.user ?? image.user, id, ...words]),
    async stop() {
      await run('runc', ['kill', id, image.stopSignal]);
      return await ended;
    },
  };
}

async function untilListening(ended: Promise<unknown>, log: () => string): Promise<void> {
  const failed = ended.then(() => Promise.reject(new Error(`The container ended: ${log()}`)));
  failed.catch(() => undefined);
  while (!log().includes(logMessages.listening)) await Promise.race([failed, sleep(20)]);
}

async function execute(words: readonly string[]): Promise<{ code: number; output: string }> {
  const { code = 0, stdout } = await run('runc', words, { maxBuffer: 2 ** 26 }).catch((failed) => failed);
  return { code, output: stdout };
}

function gather({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (data) => {
      text += data;
    });
  }
  return () => text;
}
