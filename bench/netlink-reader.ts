/**
 * One reading of the connection tracking table, in a process of its own: `scan` with the census, as the exporter does it,
 * `read` without one, `bare` a loop that receives as fast as Node and koffi can and looks at nothing, `sample` the first
 * 20,000 flows, once to warm up and once for the clock, as the exporter samples again and again. Prints JSON.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { createCensus } from '../src/flows/census/census.ts';
import { dumpFlows } from '../src/netlink/conntrack/ctnetlink.ts';
import { loadLibc } from '../src/netlink/libc.ts';
import { encodeRequest, NLM_F_DUMP } from '../src/netlink/messages.ts';

export interface Measured {
  readonly milliseconds: number;
  readonly entries: number;
  readonly unreplied: number;
  /** Peak resident set of the process, tsx included. */
  readonly rssMebibytes: number;
  /** How late the event loop was, while reading. */
  readonly delay99Milliseconds: number;
  readonly delayMaxMilliseconds: number;
}

async function read(limit: number): Promise<Pick<Measured, 'entries' | 'unreplied'>> {
  let unreplied = 0;
  const { entries } = await dumpFlows(
    (flow) => {
      if (!flow.replied) unreplied++;
    },
    { limit },
  );
  return { entries, unreplied };
}

/** The timers of the flows of the benchmark, so that a census counts arrivals and idle flows as in a real table. */
const timeouts = new Map([
  ['nf_conntrack_tcp_timeout_syn_sent', 120],
  ['nf_conntrack_tcp_timeout_established', 432_000],
  ['nf_conntrack_udp_timeout', 30],
]);

async function scan(): Promise<Pick<Measured, 'entries' | 'unreplied'>> {
  const taker = createCensus({ timeouts, seed: 1 });
  const { entries, complete } = await dumpFlows(taker.add);
  const { classes } = taker.finish({ count: entries, complete }, 200);
  return { entries, unreplied: classes.reduce((sum, one) => sum + (one.replied ? 0 : one.entries), 0) };
}

/** On the main thread, without a wait, until nothing is left. */
async function receiveOnly(): Promise<Pick<Measured, 'entries' | 'unreplied'>> {
  const libc = await loadLibc();
  const [AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER, MSG_DONTWAIT, datagrams] = [16, 3, 12, 0x40, 8];
  const socket = libc.socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
  const kernel = new Uint8Array(12);
  kernel[0] = AF_NETLINK;
  const request = encodeRequest(0x101, NLM_F_DUMP, 1, new Uint8Array(4));
  libc.connect(socket, kernel, kernel.length);
  const inbox = libc.createInbox(datagrams, 32 * 1024);
  libc.send(socket, request, request.length, 0);
  while (libc.recvmmsg(socket, inbox.headers, datagrams, MSG_DONTWAIT, null) > 0);
  return { entries: 0, unreplied: 0 };
}

const modes = {
  scan,
  read: () => read(Number.POSITIVE_INFINITY),
  sample: () => read(20_000),
  bare: receiveOnly,
};

const mode = process.argv[2];
if (mode !== 'scan' && mode !== 'read' && mode !== 'sample' && mode !== 'bare')
  throw new TypeError(`Unknown mode ${mode}`);
await loadLibc();
if (mode === 'sample') await modes.sample();
const histogram = monitorEventLoopDelay({ resolution: 1 });
await turn();
histogram.enable();
const start = performance.now();
const counted = await modes[mode]();
const milliseconds = performance.now() - start;
await turn();
histogram.disable();
const measured: Measured = {
  milliseconds,
  ...counted,
  rssMebibytes: process.resourceUsage().maxRSS / 1024,
  delay99Milliseconds: histogram.percentile(99) / 1e6,
  delayMaxMilliseconds: histogram.max / 1e6,
};
process.stdout.write(JSON.stringify(measured));
