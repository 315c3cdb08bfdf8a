import { repository } from './folders.ts';
import { fetchText } from './http.ts';
import type { Node } from './node.ts';
import { parseExposition, type Series } from './series.ts';

export const exporterPort = 10044;

/** The exporter on one node. */
export interface Exporter {
  /** What a scrape returns. */
  text(): Promise<string>;
  metrics(): Promise<Series[]>;
}

export function startExporter(node: Node): Exporter {
  node.start(process.execPath, [
    `${repository}/dist/main.js`,
    `--web.listen-address=:${exporterPort}`,
    '--path.procfs=/proc',
    '--collector.keepalived.notify-fifo=/run/lvs-exporter.fifo',
    '--collector.keepalived-dumps.schedule=*/5 * * * * *',
    '--collector.ipvs-connections',
    '--collector.ipvs-connections.schedule=*/5 * * * * *',
  ]);
  const text = () => fetchText(`http://${node.management}:${exporterPort}/metrics`);
  return { text, metrics: async () => parseExposition(await text()) };
}
