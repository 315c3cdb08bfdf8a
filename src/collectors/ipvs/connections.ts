import { hasCode } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { readParsed } from '../../host/read.ts';
import type { IpvsDetail } from '../../netlink/ipvs/ipvs.ts';
import type { IpVsTable } from '../../parsers/procfs/ipvs/ip-vs.ts';
import { type IpVsStatus, parseIpVsStatus } from '../../parsers/procfs/ipvs/ip-vs-status.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { ipvsConnections, ipvsConnectionsLimit } from './metrics.ts';

interface ConnectionSources {
  /** Undefined where the kernel does not have the file, or it cannot be read. */
  readonly status: IpVsStatus | undefined;
  readonly table: IpVsTable;
  readonly detail: IpvsDetail | undefined;
  readonly settings: readonly Sample[];
}

/** Only root may read the file: its mode is 0440. */
export async function readConnectionStatus(host: Host): Promise<IpVsStatus | undefined> {
  try {
    return await readParsed(host, '/proc/net/ip_vs_status', parseIpVsStatus);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}

/** Nothing on kernels without net.ipv4.vs.conn_max, where connections have no limit, unless they count themselves. */
export function sampleConnectionLimit({ status, table, detail, settings }: ConnectionSources): Sample[] {
  const limit = settings.find(({ labels }) => labels.name === 'conn_max')?.value;
  const connections = status?.connections ?? (limit === undefined ? undefined : countConnections(table, detail));
  return [
    ...(connections === undefined ? [] : [sample(ipvsConnections, connections)]),
    ...(limit === undefined ? [] : [sample(ipvsConnectionsLimit, limit)]),
  ];
}

/** Those of the real servers that IPVS has now. The kernel counts templates and connections to removed servers as well. */
function countConnections({ virtualServers }: IpVsTable, detail: IpvsDetail | undefined): number {
  const tracked = virtualServers.flatMap(({ realServers }) => realServers);
  const templates = detail?.services.flatMap(({ realServers }) => realServers) ?? [];
  return (
    tracked.reduce((total, one) => total + one.activeConnections + one.inactiveConnections, 0) +
    templates.reduce((total, one) => total + one.persistentConnections, 0)
  );
}
