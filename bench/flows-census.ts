import { createCensus } from '../src/flows/census.ts';
import { createFlow } from '../src/flows/flow.ts';

const flows = 1_000_000;
const rounds = 5;
const timeouts = new Map([
  ['nf_conntrack_tcp_timeout_syn_sent', 120],
  ['nf_conntrack_tcp_timeout_time_wait', 120],
  ['nf_conntrack_udp_timeout', 30],
]);

/** The processor time of counting a million flows, by how many destinations they have. Best of five rounds. */
export async function timeCensus(print: (line: string) => void): Promise<void> {
  print('destinations  ms for 1,000,000 flows  a destination may have missed at most');
  for (const destinations of [1, 1000, 100_000, flows]) {
    const results = Array.from({ length: rounds }, () => timeOnce(destinations));
    const best = Math.min(...results.map(({ milliseconds }) => milliseconds));
    print([destinations, best.toFixed(0), results[0]?.missedAtMost].join('\t'));
  }
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
