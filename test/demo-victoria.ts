import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { startAgent, startRules, startVictoriaMetrics } from '../scripts/victoria-metrics.ts';
import { withoutKeeping } from '../scripts/without-keeping.ts';

export interface VictoriaOfDemo {
  readonly alerts: () => Promise<string[]>;
  stop(): Promise<void>;
}

interface Target {
  readonly scrapeUrl: string;
  readonly labels: Readonly<Record<string, string>>;
}

const interval = '5s';

/** Scrapes the targets of a Prometheus by vmagent and evaluates the rules by vmalert. */
export async function startVictoriaBeside(targets: readonly Target[]): Promise<VictoriaOfDemo> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-demo-victoria-'));
  const configuration = join(folder, 'scrape.yml');
  const scrape = targets.map(({ scrapeUrl, labels }) => ({ targets: [new URL(scrapeUrl).host], labels }));
  const scrapeConfigs = [{ job_name: 'lvs-exporter', scrape_interval: interval, static_configs: scrape }];
  await writeFile(configuration, stringify({ scrape_configs: scrapeConfigs }));
  const rules = join(folder, 'rules.yml');
  await writeFile(rules, stringify(withoutKeeping(parse(await readFile('alerts/lvs-exporter.rules.yml', 'utf8')))));
  const database = await startVictoriaMetrics();
  const agent = await startAgent(database.url, configuration);
  const evaluation = await startRules(database.url, rules, `-evaluationInterval=${interval}`);
  return {
    async alerts() {
      const { data } = (await (await fetch(`${evaluation.url}/api/v1/alerts`)).json()) as VmalertAnswer;
      return (data.alerts ?? []).flatMap(({ name, state, labels }) =>
        state === 'firing' ? [`${name} ${labels.severity} ${labels.instance ?? ''}`] : [],
      );
    },
    async stop() {
      for (const one of [evaluation, agent, database]) await one.stop();
      await rm(folder, { recursive: true });
    },
  };
}

interface VmalertAnswer {
  readonly data: {
    /** Null where there are none. */
    readonly alerts:
      | readonly {
          readonly name: string;
          readonly state: string;
          readonly labels: Readonly<Record<string, string>>;
        }[]
      | null;
  };
}
