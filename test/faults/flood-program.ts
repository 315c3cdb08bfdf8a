import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createConntrackTable } from '../../src/collectors/conntrack-table/conntrack-table.ts';
import { defaultSettings } from '../../src/collectors/index.ts';
import { createFlow, type Flow } from '../../src/identity/flow.ts';
import { createHost } from '../machine.ts';

/**
 * Scans a table in which every flow has a destination of its own, three times, and prints how many series that makes and
 * what it takes. The number of flows is named. Run with --expose-gc.
 */
const flows = Number(process.argv[2]);
const scans = 3;
/** As many as come in one system call: the event loop turns after them. */
const batch = 6000;
const tcp = 6;

const machine = createHost({
  files: Object.fromEntries(
    Object.entries({ count: flows, max: 2 * flows, tcp_timeout_syn_sent: 120 }).map(([name, value]) => [
      `/proc/sys/net/netfilter/nf_conntrack_${name}`,
      `${value}\n`,
    ]),
  ),
});
const host = { ...machine, flows: readFlood };
const collector = createConntrackTable({ ...defaultSettings.table, fullScanMaxEntries: flows });

const delay = monitorEventLoopDelay({ resolution: 1 });
const heapBefore = heapBytes();
delay.enable();
let series = 0;
for (let scan = 0; scan < scans; scan++) series = (await collector.collect(host)).length;
delay.disable();
const megabytes = (bytes: number) => Math.round((bytes / 2 ** 20) * 10) / 10;
const result = {
  series,
  heapGrowthMegabytes: megabytes(heapBytes() - heapBefore),
  residentMegabytes: megabytes(process.memoryUsage.rss()),
  delayMilliseconds: Math.round(delay.percentile(99) / 1e6),
};
process.stdout.write(`${JSON.stringify(result)}\n`);

function heapBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Of every other flow the destination is an IPv6 address. */
async function readFlood(visit: (flow: Flow) => void) {
  const flow = createFlow();
  flow.protocol = tcp;
  flow.state = 'SYN_SENT';
  flow.remainingSeconds = 60;
  for (let index = 0; index < flows; index++) {
    if (index % batch === 0) await new Promise(setImmediate);
    flow.family = index % 2 === 0 ? 4 : 6;
    flow.destination.address.setUint32(0, 0x0a000000 + index);
    flow.source.address.setUint32(0, index * 7);
    visit(flow);
  }
  return { entries: flows, complete: true, interrupted: false, source: 'netlink' as const };
}
