import { setTimeout as sleep } from 'node:timers/promises';
import { sendRequests } from './load.ts';
import type { Node } from './node.ts';

/** Longer than any work. */
const maxSeconds = 3600;
const retryMilliseconds = 100;

/** Makes HTTP requests from a node, without a pause, until the work is done. Returns how many failed. */
export async function withLastingLoad(
  client: Node,
  url: string,
  perSecond: number,
  work: () => Promise<void>,
): Promise<{ finished: number; failed: number }> {
  let hasEnded = false;
  const load = sendRequests(client, url, [{ perSecond, seconds: maxSeconds }]).finally(() => {
    hasEnded = true;
  });
  try {
    await work();
  } finally {
    while (!hasEnded && !(await terminate(client, url))) await sleep(retryMilliseconds);
  }
  return await load;
}

/** False while it has not started. By what it was started with: another load may run on the same node. */
function terminate(client: Node, url: string): Promise<boolean> {
  const words = ['-TERM', '--full', `load.mjs ${url} [0-9]*:${maxSeconds}`];
  return client.run('pkill', words).then(
    () => true,
    () => false,
  );
}
