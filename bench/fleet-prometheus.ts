import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { freePort } from '../scripts/free-port.ts';

/** A target: one simulated node. */
export interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly address: string;
  readonly path: string;
}

export interface FleetPrometheusOptions {
  readonly folder: string;
  readonly data: string;
  readonly targets: readonly Target[];
  readonly everySeconds: number;
  readonly rules: string;
}

export interface FleetPrometheus {
  readonly url: string;
  stop(): Promise<void>;
}

/** Debian's Prometheus on loopback. It does not merge blocks, which would disturb what is measured. */
export async function startFleetPrometheus(options: FleetPrometheusOptions): Promise<FleetPrometheus> {
  const { folder, data } = options;
  const configuration = join(folder, 'prometheus.yml');
  await writeFile(configuration, stringify(configure(options)));
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const words = [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.min-block-duration=2h',
    '--storage.tsdb.max-block-duration=2h',
    `--web.listen-address=${address}`,
    '--log.level=error',
  ];
  const child = spawn('prometheus', words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'close');
  const failed = ended.then(() => Promise.reject(new Error('Prometheus ended')));
  failed.catch(() => undefined);
  const ask = () => fetch(`${url}/-/ready`).catch(() => undefined);
  while (!(await Promise.race([failed, ask()]))?.ok) await Promise.race([failed, sleep(100)]);
  return {
    url,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

function configure({ targets, everySeconds, rules }: FleetPrometheusOptions): unknown {
  const interval = `${everySeconds}s`;
  return {
    global: { scrape_interval: interval, evaluation_interval: interval },
    rule_files: [rules],
    scrape_configs: [
      {
        job_name: 'lvs-exporter',
        static_configs: targets.map(({ labels, address, path }) => ({
          targets: [address],
          labels: { ...labels, __metrics_path__: path },
        })),
      },
    ],
  };
}

/** What Prometheus tells of itself: its own metrics, by their names with labels. */
export async function readOwnMetrics(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

export interface RuleTime {
  readonly group: string;
  readonly name: string;
  /** `warning`, `critical`, `info`; empty for a recording rule. */
  readonly severity: string;
  readonly seconds: number;
  /** When it was evaluated. */
  readonly at: string;
  readonly activeAlerts: number;
}

export async function readRuleTimes(url: string): Promise<RuleTime[]> {
  const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as RulesAnswer;
  return data.groups.flatMap(({ name: group, rules }) =>
    rules.map(({ name, labels, evaluationTime, lastEvaluation, alerts }) => ({
      group,
      name,
      severity: labels?.severity ?? '',
      seconds: evaluationTime,
      at: lastEvaluation,
      activeAlerts: alerts?.length ?? 0,
    })),
  );
}

interface RulesAnswer {
  readonly data: {
    readonly groups: readonly {
      readonly name: string;
      readonly rules: readonly {
        readonly name: string;
        readonly labels?: Readonly<Record<string, string>>;
        readonly evaluationTime: number;
        readonly lastEvaluation: string;
        readonly alerts?: readonly unknown[];
      }[];
    }[];
  };
}
