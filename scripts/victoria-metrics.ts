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
  return await startPart('victoria-metrics', (folder) => [
    `-storageDataPath=${folder}`,
    '-search.latencyOffset=0s',
    ...options,
  ]);
}

/**
 * Starts vmagent, which scrapes what a configuration of Prometheus names and sends it on.
 *
 * @param database The address of a VictoriaMetrics.
 */
export async function startAgent(
  database: string,
  configuration: string,
  ...options: readonly string[]
): Promise<VictoriaMetrics> {
  return await startPart('vmagent', (folder) => [
    `-remoteWrite.tmpDataPath=${folder}`,
    `-remoteWrite.url=${database}/api/v1/write`,
    `-promscrape.config=${configuration}`,
    ...options,
  ]);
}

/** Starts vmalert, which evaluates rules on a VictoriaMetrics and records into it. Without `-notifier.url`, alerts go nowhere. */
export async function startRules(
  database: string,
  rules: string,
  ...options: readonly string[]
): Promise<VictoriaMetrics> {
  const notifier = options.some((one) => one.startsWith('-notifier.url=')) ? [] : [`-notifier.url=${database}`];
  return await startPart('vmalert', () => [
    `-rule=${rules}`,
    ...['datasource', 'remoteWrite', 'remoteRead'].map((part) => `-${part}.url=${database}`),
    ...notifier,
    ...options,
  ]);
}

async function startPart(program: string, words: (folder: string) => readonly string[]): Promise<VictoriaMetrics> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-victoria-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(program, [...words(folder), `-httpListenAddr=127.0.0.1:${port}`], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (child.exitCode === null && !(await isReady(url))) await sleep(retryMs);
  if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
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
