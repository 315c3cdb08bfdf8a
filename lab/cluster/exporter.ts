import { repository } from './folders.ts';
import { fetchText } from './http.ts';
import type { Node } from './node.ts';
import { parseExposition, type Series } from './series.ts';

export const exporterPort = 10044;
/** How often it asks keepalived for its dumps, unless another interval is set. */
export const dumpIntervalSeconds = 5;

/** The exporter on one node. */
export interface Exporter {
  /** What a scrape returns. */
  text(): Promise<string>;
  metrics(): Promise<Series[]>;
}

export function startExporter(node: Node, dumps = `*/${dumpIntervalSeconds} * * * * *`): Exporter {
  node.start(process.execPath, [
    `${repository}/dist/main.js`,
    `--web.listen-address=:${exporterPort}`,
    '--path.procfs=/proc',
    '--collector.keepalived.notify-fifo=/run/lvs-exporter.fifo',
    `--collector.keepalived-dumps.schedule=${dumps}`,
    '--collector.ipvs-connections',
    '--collector.ipvs-connections.schedule=*/5 * * * * *',
  ]);
  const text = () => fetchText(`http://${node.management}:${exporterPort}/metrics`);
  return { text, metrics: async () => parseExposition(await text()) };
}

/** What is so by now: a scrape joins one that is under way and may have begun before, but the one after it does not. */
export async function scrapeFresh({ metrics }: Exporter): Promise<Series[]> {
  await metrics();
  return metrics();
}
