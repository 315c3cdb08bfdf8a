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
  ]);
  const text = () => fetchText(`http://${node.management}:${exporterPort}/metrics`);
  return { text, metrics: async () => parseExposition(await text()) };
}
