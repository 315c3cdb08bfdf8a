import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

export interface VictoriaMetrics {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

const retryMs = 50;

/** Starts VictoriaMetrics on this machine alone, in a temporary folder that goes with it. It answers for the present, too. */
export async function startVictoriaMetrics(...options: readonly string[]): Promise<VictoriaMetrics> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-victoria-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const words = [`-storageDataPath=${folder}`, `-httpListenAddr=127.0.0.1:${port}`, '-search.latencyOffset=0s'];
  const child = spawn('victoria-metrics', [...words, ...options], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (child.exitCode === null && !(await isReady(url))) await sleep(retryMs);
  return {
    url,
    process: child,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  return await fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}
