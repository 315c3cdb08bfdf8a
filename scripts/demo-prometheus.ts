import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { hasCode } from '../src/read.ts';

export interface DemoPrometheus {
  readonly url: string;
  /** Fulfilled when it has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  /** Ends it and removes all that it wrote. */
  stop(): Promise<void>;
}

export interface DemoPrometheusOptions {
  readonly port: number;
  /** Names of nodes and the addresses of their exporters. */
  readonly targets: Readonly<Record<string, string>>;
  readonly everySeconds: number;
  /** A pattern of files. */
  readonly rules: string;
}

/** Starts Debian's Prometheus on loopback, in a temporary folder. Rejects, with the reason, if it does not come up. */
export async function startPrometheus(options: DemoPrometheusOptions): Promise<DemoPrometheus> {
  await refuseTakenPort(options.port);
  const folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-demo-'));
  const address = `127.0.0.1:${options.port}`;
  const url = `http://${address}`;
  const configuration = join(folder, 'prometheus.yml');
  await writeFile(configuration, stringify(configure(options)));
  const words = [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
    '--log.level=error',
  ];
  const child = spawn('prometheus', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close').finally(() => rm(folder, { recursive: true }));
  try {
    await untilReady(url, child, ended);
  } catch (error) {
    child.kill();
    await ended.catch(() => undefined);
    throw error;
  }
  return {
    url,
    ended,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

function configure({ targets, everySeconds, rules }: DemoPrometheusOptions): unknown {
  const interval = `${everySeconds}s`;
  return {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: [rules],
    scrape_configs: [
      {
        job_name: 'lvs-exporter',
        static_configs: Object.entries(targets).map(([instance, target]) => ({
          targets: [target],
          labels: { instance, cluster: 'demo' },
        })),
      },
    ],
  };
}

async function untilReady(url: string, child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  let said = '';
  child.stderr?.on('data', (data) => {
    said += data;
  });
  const failed = ended.then(
    () => Promise.reject(new Error(`Prometheus ended: ${said.trim().split('\n').at(-1)}`)),
    (error: unknown) => Promise.reject(hasCode(error, 'ENOENT') ? notInstalled : error),
  );
  const ask = () => fetch(`${url}/-/ready`).catch(() => undefined);
  while (!(await Promise.race([failed, ask()]))?.ok) await Promise.race([failed, sleep(100)]);
}

const notInstalled = new Error('Cannot find prometheus: apt-get install prometheus');

/** Another Prometheus on the port would answer in place of this one. */
async function refuseTakenPort(port: number): Promise<void> {
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch (error) {
    throw new Error(`Port ${port} is taken: choose another with --prometheus-port`, { cause: error });
  } finally {
    probe.close();
  }
}
