import { readParsedParts } from '../../host/read.ts';
import { createIpVsConnSyncParser } from '../../parsers/procfs/ip-vs-conn-sync.ts';
import type { Collector } from '../../scrape/collector.ts';
import { ipvsConnectionMetrics } from './metrics.ts';
import { sampleConnections, sampleScan } from './samples.ts';
import { createConnectionTally } from './tally.ts';

export interface IpvsConnectionsOptions {
  /** Of a larger table so many entries are read, and the rest of the part that the kernel gave out with the last. */
  readonly maxEntries: number;
  /** After so long no more is read. */
  readonly maxSeconds: number;
}

/**
 * Counts the connections that IPVS forwards. Optional because of what it costs on kernels before 6.14: for each 4 KiB
 * they walk the table again from its start.
 */
export function createIpvsConnections({ maxEntries, maxSeconds }: IpvsConnectionsOptions): Collector {
  return {
    name: 'ipvs-connections',
    help: 'IPVS connections and persistence templates from /proc/net/ip_vs_conn_sync.',
    metrics: ipvsConnectionMetrics,
    optional: true,
    schedule: '0 * * * * *',
    async collect(host) {
      const tally = createConnectionTally();
      const started = host.now();
      const elapsed = () => host.now() - started;
      const goOn = () => tally.entries() < maxEntries && elapsed() < maxSeconds;
      const parser = createIpVsConnSyncParser(tally.add);
      const complete = await readParsedParts(host, '/proc/net/ip_vs_conn_sync', parser, goOn);
      const scan = { entries: tally.entries(), complete, seconds: elapsed(), endedSeconds: Date.now() / 1000 };
      return [...sampleConnections(tally.classes()), ...sampleScan(scan)];
    },
  };
}
