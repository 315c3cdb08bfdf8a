import { ipvsUpstreamRules } from '../../alerts/src/ipvs-upstream.ts';
import type { RuleGroup } from '../../alerts/src/rule.ts';
import { exporterPort } from './exporter.ts';
import { fetchText } from './http.ts';
import type { Node } from './node.ts';
import { parseValue, type Series } from './series.ts';

const prometheusPort = 9090;
/** A scrape may take as long: on a busy machine the nodes of the lab, which share one processor, need more than 2 s. */
export const scrapeIntervalSeconds = 3;

export interface Prometheus {
  /** The series of an instant query. `job` and `__name__` are left out of the labels: they are always the same. */
  query(expression: string): Promise<Series[]>;
}

/** Starts Debian's Prometheus on a node, with the exporters of the given nodes as its targets. */
export async function startPrometheus(node: Node, targets: readonly Node[]): Promise<Prometheus> {
  await node.run('tee', ['/tmp/prometheus.yml'], renderConfiguration(targets));
  await node.run('tee', ['/tmp/rules.yml'], renderRules(ipvsUpstreamRules));
  node.start('prometheus', [
    '--config.file=/tmp/prometheus.yml',
    '--storage.tsdb.path=/tmp/prometheus',
    `--web.listen-address=${node.management}:${prometheusPort}`,
  ]);
  return connectPrometheus(`${node.management}:${prometheusPort}`);
}

export function connectPrometheus(address: string): Prometheus {
  const api = `http://${address}/api/v1`;
  return {
    query: async (expression) =>
      readVector(await fetchText(`${api}/query?${new URLSearchParams({ query: expression })}`)),
  };
}

function renderConfiguration(targets: readonly Node[]): string {
  return `global:
  scrape_interval: ${scrapeIntervalSeconds}s
  scrape_timeout: ${scrapeIntervalSeconds}s
rule_files: [/tmp/rules.yml]
${renderScrapes(targets)}`;
}

/** JSON is YAML. Only what is recorded: rules that alert run in a Prometheus of their own, see alerting.ts. */
function renderRules({ name, intervalSeconds, rules }: RuleGroup): string {
  return JSON.stringify({ groups: [{ name, interval: `${intervalSeconds}s`, rules }] });
}

/** The part of a configuration that names the exporters of the given nodes. */
export function renderScrapes(targets: readonly Node[]): string {
  const targetLines = targets.map(
    ({ name, management }) => `
      - targets: ['${management}:${exporterPort}']
        labels: { instance: ${name} }`,
  );
  return `scrape_configs:
  - job_name: lvs-exporter
    static_configs:${targetLines.join('')}
`;
}

interface QueryAnswer {
  readonly data: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
}

function readVector(text: string): Series[] {
  const { data }: QueryAnswer = JSON.parse(text);
  return data.result.map(({ metric: { __name__: name = '', job: _job, ...labels }, value }) => ({
    name,
    labels,
    value: parseValue(value[1]),
  }));
}
