import type { LoadSummary } from '../load.ts';
import { output } from './folders.ts';
import type { Node } from './node.ts';

/** Makes HTTP requests from a node, each on a connection of its own. A step is so many per second for so long. */
export async function sendRequests(
  client: Node,
  url: string,
  steps: readonly { perSecond: number; seconds: number }[],
): Promise<LoadSummary> {
  const words = steps.map(({ perSecond, seconds }) => `${perSecond}:${seconds}`);
  return JSON.parse(await client.run(process.execPath, [`${output}/load.mjs`, url, ...words]));
}
