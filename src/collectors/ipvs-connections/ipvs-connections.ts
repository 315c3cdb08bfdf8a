import { ifPresent } from '../../host/errors.ts';
import { readParsed, readParsedParts } from '../../host/read.ts';
import type { IpvsDetail } from '../../netlink/ipvs/ipvs.ts';
import { type IpVsTable, parseIpVs, type VirtualServer } from '../../parsers/procfs/ipvs/ip-vs.ts';
import { createIpVsConnSyncParser, type IpVsConnection } from '../../parsers/procfs/ipvs/ip-vs-conn-sync.ts';
import type { Collector } from '../../scrape/collector.ts';
import { readDetail } from '../ipvs/detail.ts';
import { joinServers } from '../ipvs/join.ts';
import { ipvsConnectionMetrics } from './metrics.ts';
import { createServerTally } from './orphans.ts';
import { sampleConnectionScan, sampleConnections, sampleIdle, sampleWithoutServer } from './samples.ts';
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
      const servers = createServerTally();
      const detail = await readDetail(host);
      const timer = detail?.timeouts.tcpSeconds;
      let idle = 0;
      const visit = (connection: IpVsConnection) => {
        tally.add(connection);
        servers.add(connection);
        if (isIdle(connection, timer ?? 0)) idle++;
      };
      const started = host.now();
      const elapsed = () => host.now() - started;
      const goOn = () => tally.entries() < maxEntries && elapsed() < maxSeconds;
      const parser = createIpVsConnSyncParser(visit);
      const complete = await readParsedParts(host, '/proc/net/ip_vs_conn_sync', parser, goOn);
      const scan = { entries: tally.entries(), complete, seconds: elapsed(), endedSeconds: Date.now() / 1000 };
      // Read last: what a new real server already has is not without one.
      const table = await ifPresent(readParsed(host, '/proc/net/ip_vs', parseIpVs));
      return [
        ...sampleConnections(tally.classes()),
        ...(table ? sampleWithoutServer(servers.withoutServer(listServers(table, detail))) : []),
        ...(timer === undefined ? [] : sampleIdle(idle)),
        ...sampleConnectionScan(scan),
      ];
    },
  };
}

/** With those that the file leaves out. */
function listServers({ virtualServers }: IpVsTable, detail: IpvsDetail | undefined): VirtualServer[] {
  return joinServers(virtualServers, detail).map(({ server }) => server);
}

function isIdle({ protocol, state, template, seconds }: IpVsConnection, timer: number): boolean {
  return protocol === 'tcp' && state === 'established' && !template && seconds < timer / 2;
}
