import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

// The load generator: runs on client. It keeps its rate whatever the answers do, within a bound on open requests.
//
//   node load.mjs URL RATE:SECONDS...
//
// SIGTERM ends it early.

export interface LoadSummary {
  finished: number;
  failed: number;
  /** Finished requests by what was answered: the name of the real server. */
  answers: Record<string, number>;
}

const maximumOpen = 200;
const tickMilliseconds = 10;
const requestTimeoutMilliseconds = 5_000;

const [url = '', ...steps] = process.argv.slice(2);
const summary: LoadSummary = { finished: 0, failed: 0, answers: {} };
const open = new Set<Promise<void>>();
let isOver = false;
process.once('SIGTERM', () => {
  isOver = true;
});

for (const step of steps) {
  const [perSecond = 0, seconds = 0] = step.split(':').map(Number);
  await runStep(perSecond, seconds);
}
await Promise.all(open);
process.stdout.write(`${JSON.stringify(summary)}\n`);

async function runStep(perSecond: number, seconds: number): Promise<void> {
  const total = perSecond * seconds;
  const startedAt = performance.now();
  for (let sent = 0; sent < total && !isOver; ) {
    const due = Math.min(total, ((performance.now() - startedAt) / 1000) * perSecond);
    for (; sent < due && open.size < maximumOpen; sent++) send();
    await sleep(tickMilliseconds);
    if (performance.now() - startedAt > 2 * seconds * 1000) return;
  }
}

function send(): void {
  const request: Promise<void> = requestOnce()
    .then((answer) => {
      summary.finished++;
      summary.answers[answer] = (summary.answers[answer] ?? 0) + 1;
    })
    .catch(() => {
      summary.failed++;
    })
    .finally(() => open.delete(request));
  open.add(request);
}

function requestOnce(): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, timeout: requestTimeoutMilliseconds, headers: { connection: 'close' } };
    const request = get(url, options, (response) => {
      response
        .setEncoding('utf8')
        .toArray()
        .then((chunks) => resolve(chunks.join('').trim()), reject);
    });
    request.once('timeout', () => request.destroy(new Error('No answer')));
    request.once('error', reject);
  });
}
