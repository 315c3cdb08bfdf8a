import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '../../scripts/free-port.ts';
import { type Prometheus, startPrometheus } from '../../scripts/prometheus.ts';
import { scrapeJob, type Target } from './scrape-job.ts';

export interface FleetPrometheusOptions {
  readonly folder: string;
  readonly data: string;
  readonly targets: readonly Target[];
  readonly everySeconds: number;
  readonly rules: string;
}

/** It does not merge blocks, which would disturb what is measured. */
export async function startFleetPrometheus(options: FleetPrometheusOptions): Promise<Prometheus> {
  const { folder, data } = options;
  const configuration = join(folder, 'prometheus.yml');
  await writeFile(configuration, stringify(configure(options)));
  const words = ['--storage.tsdb.min-block-duration=2h', '--storage.tsdb.max-block-duration=2h'];
  return startPrometheus({ configuration, data, port: await freePort(), words });
}

function configure({ targets, everySeconds, rules }: FleetPrometheusOptions): unknown {
  const interval = `${everySeconds}s`;
  return {
    global: { scrape_interval: interval, evaluation_interval: interval },
    rule_files: [rules],
    scrape_configs: [scrapeJob(targets, everySeconds)],
  };
}

/** The metrics of Prometheus itself, by their names with labels. */
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
