import { sendRequests } from './load.ts';
import type { Node } from './node.ts';

const roundSeconds = 10;

/** Makes HTTP requests from a node, but for a moment now and then, until the work is done. Returns how many failed. */
export async function withLastingLoad(
  client: Node,
  url: string,
  perSecond: number,
  work: () => Promise<void>,
): Promise<{ finished: number; failed: number }> {
  let isOver = false;
  const load = repeat(
    () => sendRequests(client, url, [{ perSecond, seconds: roundSeconds }]),
    () => isOver,
  );
  try {
    await work();
  } finally {
    isOver = true;
  }
  return await load;
}

async function repeat(round: () => ReturnType<typeof sendRequests>, isOver: () => boolean) {
  const sum = { finished: 0, failed: 0 };
  while (!isOver()) {
    const { finished, failed } = await round();
    sum.finished += finished;
    sum.failed += failed;
  }
  return sum;
}
