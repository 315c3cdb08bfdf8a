import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Prometheus, startPrometheus } from './prometheus.ts';

export interface DemoPrometheusOptions {
  readonly port: number;
  /** Names of nodes and the addresses of their exporters. */
  readonly targets: Readonly<Record<string, string>>;
  readonly everySeconds: number;
  /** A pattern of files. */
  readonly rules: string;
}

/** Starts a Prometheus that scrapes, in a temporary folder that goes with it. */
export async function startDemoPrometheus(options: DemoPrometheusOptions): Promise<Prometheus> {
  const { port } = options;
  await refuseTakenPort(port);
  const folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-demo-'));
  const remove = () => rm(folder, { recursive: true });
  const configuration = join(folder, 'prometheus.yml');
  await writeFile(configuration, stringify(configure(options)));
  try {
    const prometheus = await startPrometheus({ configuration, data: join(folder, 'data'), port });
    const ended = prometheus.ended.finally(remove);
    const stop = async () => {
      await prometheus.stop();
      await ended;
    };
    return { ...prometheus, ended, stop };
  } catch (error) {
    await remove();
    throw error;
  }
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
