import { readFile } from 'node:fs/promises';
import type { Cluster } from '../lab.ts';
import { repository } from './folders.ts';
import { fetchText } from './http.ts';
import type { Node } from './node.ts';
import { connectPrometheus, type Prometheus, renderScrapes } from './prometheus.ts';
import { type Notification, startWebhook } from './webhook.ts';

const prometheusPort = 9091;
const alertmanagerPort = 9093;
/** What docs/alerts.md asks for. */
const scrapeIntervalSeconds = 15;
/** shelf, which has services without real servers, is not in order. */
const watched = ['compute', 'director1', 'director2'] as const;
const exampleReceiver = 'http://alerts.example/';

/** Debian's Prometheus and Alertmanager, with the rules and the example of alerts/. */
export interface Alerting {
  readonly prometheus: Prometheus;
  /** Notifications that the receivers of the example got. */
  readonly notifications: readonly Notification[];
  /** Rejects until Alertmanager takes alerts. */
  checkAlertmanager(): Promise<void>;
}

/**
 * A Prometheus of its own: what other scenarios did would go on firing for as long as the rules keep it.
 *
 * @param change What becomes of the text of the rules, such as shorter times to wait.
 */
export async function withAlerting<Result>(
  { node }: Cluster,
  work: (alerting: Alerting) => Promise<Result>,
  change: (rules: string) => string = (rules) => rules,
): Promise<Result> {
  const [monitor, webhook] = [node('monitor'), await startWebhook(node('compute').management)];
  await startAlertmanager(monitor, `${webhook.url}/`);
  await startPrometheus(monitor, watched.map(node), change);
  try {
    return await work({
      prometheus: connectPrometheus(`${monitor.management}:${prometheusPort}`),
      notifications: webhook.notifications,
      checkAlertmanager: async () => {
        await fetchText(`http://${monitor.management}:${alertmanagerPort}/-/ready`);
      },
    });
  } finally {
    for (const name of ['alerting', 'alertmanager']) await stop(monitor, name);
    webhook.close();
  }
}

/** Debian's program with the project's example, whose receivers are the webhook. */
async function startAlertmanager(monitor: Node, receiver: string): Promise<void> {
  const example = await readFile(`${repository}/alerts/alertmanager.yml`, 'utf8');
  if (!example.includes(exampleReceiver)) throw new Error(`Cannot find ${exampleReceiver} in alerts/alertmanager.yml`);
  await monitor.run('tee', ['/tmp/alertmanager.yml'], example.replaceAll(exampleReceiver, receiver));
  start(monitor, 'alertmanager', 'prometheus-alertmanager', [
    '--storage.path=/tmp/alertmanager',
    '--cluster.listen-address=',
    `--web.listen-address=${monitor.management}:${alertmanagerPort}`,
  ]);
}

async function startPrometheus(
  monitor: Node,
  targets: readonly Node[],
  change: (rules: string) => string,
): Promise<void> {
  const rules = await readFile(`${repository}/alerts/lvs-exporter.rules.yml`, 'utf8');
  await monitor.run('tee', ['/tmp/lvs-exporter.rules.yml'], change(rules));
  const configuration = `global:
  scrape_interval: ${scrapeIntervalSeconds}s
rule_files: [/tmp/lvs-exporter.rules.yml]
alerting:
  alertmanagers:
    - static_configs:
      - targets: ['${monitor.management}:${alertmanagerPort}']
${renderScrapes(targets)}`;
  await monitor.run('tee', ['/tmp/alerting.yml'], configuration);
  start(monitor, 'alerting', 'prometheus', [
    '--storage.tsdb.path=/tmp/alerting',
    `--web.listen-address=${monitor.management}:${prometheusPort}`,
  ]);
}

function start(monitor: Node, name: string, program: string, words: readonly string[]): void {
  const script = 'echo $$ >"/run/$0.pid"; exec "$@"';
  monitor.start('bash', ['-c', script, name, program, `--config.file=/tmp/${name}.yml`, ...words]);
}

async function stop(monitor: Node, name: string): Promise<void> {
  await monitor.run('bash', ['-c', `kill "$(</run/${name}.pid)"`]);
}
