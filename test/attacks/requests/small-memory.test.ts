import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { labRecordings } from '../../fixtures.ts';
import { needs } from '../../needs.ts';
import { type Program, startWithMemory } from '../../program.ts';

const limits = { heapMb: 64, totalMb: 512, scrapes: 1000 } as const;

let program: Program | undefined;
const prlimit = needs('prlimit');

beforeAll(async () => {
  if (prlimit.skip) return;
  program = await startWithMemory(limits.heapMb, limits.totalMb, `--replay=${labRecordings}/director1`);
  await program.ready();
});

afterAll(async () => {
  program?.process.kill();
  await program?.ended;
});

/** A scrape that shares nothing with those beside it, by its time limit: the status, or why there was none. */
async function scrape(n: number, agent: Agent): Promise<number | string | undefined> {
  const headers = {
    'X-Prometheus-Scrape-Timeout-Seconds': String(60 + (n % 50)),
    Accept: n % 2 === 0 ? 'text/plain' : 'application/openmetrics-text',
    ...(n % 3 === 0 && { 'Accept-Encoding': 'gzip' }),
  };
  const options = { port: program?.address.port, host: '127.0.0.1', path: '/metrics', headers, agent };
  try {
    const [answer]: IncomingMessage[] = await once(request(options).end(), 'response');
    answer?.resume();
    if (answer) await once(answer, 'end');
    return answer?.statusCode;
  } catch (error) {
    return String(error);
  }
}

it(
  '1,000 scrapes at once in a small heap and as little memory as a container has: none is reset, and the next is answered',
  prlimit,
  async () => {
    const agent = new Agent({ keepAlive: true });
    const outcomes = await Promise.all(Array.from({ length: limits.scrapes }, (_, n) => scrape(n, agent)));
    agent.destroy();
    expect([...new Set(outcomes)].filter((outcome) => outcome !== 200 && outcome !== 503)).toEqual([]);
    expect(outcomes).toContain(200);
    expect(await scrape(0, new Agent())).toBe(200);
    expect(program?.process.exitCode).toBe(null);
  },
);
