import { exporterPort, startExporter } from './exporter.ts';
import type { Node } from './node.ts';

/** The program asks when it starts, too. */
const atNewYear = '0 0 0 1 1 *';

/** During the work, the exporter on a director asks keepalived for its dumps once. Later changes come from the FIFO only. */
export async function withRareDumps<Result>(director: Node, work: () => Promise<Result>): Promise<Result> {
  await endExporter(director);
  startExporter(director, atNewYear);
  try {
    return await work();
  } finally {
    await endExporter(director);
    startExporter(director);
  }
}

async function endExporter(node: Node): Promise<void> {
  const script = 'pkill --full "$0"; while pgrep --full "$0"; do sleep 0.1; done';
  // In brackets, or it would end what runs it.
  await node.run('bash', ['-c', script, `[l]isten-address=:${exporterPort}`]);
}
