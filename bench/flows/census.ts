import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCensus } from '../../src/flows/census/census.ts';
import { createFlow } from '../../src/identity/flow.ts';
import { dumpFlows } from '../../src/netlink/conntrack/ctnetlink.ts';
import { withLaboratory } from './namespace.ts';

const flows = 1_000_000;
const rounds = 5;
const timeouts = new Map([
  ['nf_conntrack_tcp_timeout_syn_sent', 120],
  ['nf_conntrack_tcp_timeout_time_wait', 120],
  ['nf_conntrack_udp_timeout', 30],
]);

/** The cost of counting, alone and beside that of reading a table from the kernel. Best of five rounds. */
export async function timeCensus(print: (line: string) => void): Promise<void> {
  timeCounting(print);
  await timeReading(print);
}

/** Processor time for a million flows, by how many destinations they have. */
function timeCounting(print: (line: string) => void): void {
  print('destinations  ms for 1,000,000 flows  a destination may have missed at most');
  for (const destinations of [1, 1000, 100_000, flows]) {
    const results = Array.from({ length: rounds }, () => timeOnce(destinations));
    const best = Math.min(...results.map(({ milliseconds }) => milliseconds));
    print([destinations, best.toFixed(0), results[0]?.missedAtMost].join('\t'));
  }
}

const realFlows = 200_000;
const fillSeconds = 10;

/** The time to read a real table, with and without a census. */
async function timeReading(print: (line: string) => void): Promise<void> {
  await withLaboratory('census', async ({ namespace, send }) => {
    send('syn', [[fillSeconds, realFlows / fillSeconds, realFlows / fillSeconds]]);
    await sleep((fillSeconds + 3) * 1000);
    let [bare, counting, walk, entries] = [
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      0,
    ];
    for (let round = 0; round < rounds; round++) {
      bare = Math.min(bare, await timeAsync(() => dumpFlows(() => {}, { namespace })));
      walk = Math.min(walk, await timeAsync(() => dumpFlows(() => {}, { namespace, family: 6 })));
      const taker = createCensus({ timeouts, seed: 1 });
      counting = Math.min(counting, await timeAsync(() => dumpFlows(taker.add, { namespace })));
      entries = taker.finish({ count: 0, complete: true }, 1).counted;
    }
    print('entries  ms to read  ms to read and count  ratio  ms to walk without reading');
    print([entries, bare.toFixed(0), counting.toFixed(0), (counting / bare).toFixed(2), walk.toFixed(0)].join('\t'));
  });
}

async function timeAsync(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function timeOnce(destinations: number): { milliseconds: number; missedAtMost: number } {
  const flow = createFlow();
  const begin = process.cpuUsage();
  const taker = createCensus({ timeouts, seed: 1 });
  for (let i = 0; i < flows; i++) {
    flow.protocol = i % 4 === 3 ? 17 : 6;
    flow.state = i % 4 === 3 ? '' : i % 4 === 0 ? 'SYN_SENT' : 'TIME_WAIT';
    flow.replied = i % 4 !== 0;
    flow.remainingSeconds = i % 120;
    flow.source.address.setUint32(0, Math.imul(i, 0x9e3779b1));
    flow.destination.address.setUint32(0, Math.imul(i % destinations, 0x85ebca6b));
    taker.add(flow);
  }
  const { missedAtMost } = taker.finish({ count: flows, complete: true }, 100);
  return { milliseconds: process.cpuUsage(begin).user / 1000, missedAtMost };
}
