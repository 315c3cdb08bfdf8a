import type { IpvsDestination } from '../../netlink/ipvs/destination.ts';
import type { RealServer } from '../../parsers/procfs/ipvs/ip-vs-row.ts';
import type { SamplePart } from '../../scrape/columns.ts';
import type { Sample } from '../../scrape/metric.ts';
import { endpointKey, type JoinedVirtualServer } from './join.ts';
import type { Recall } from './labels/label-memory.ts';
import type { Labels, VirtualServerLabels } from './labels/labels.ts';
import {
  aggregated,
  ipvsRealServerActiveConnections,
  ipvsRealServerInactiveConnections,
  ipvsRealServerLowerThreshold,
  ipvsRealServerPersistentConnections,
  ipvsRealServerTunnelInfo,
  ipvsRealServerUpperThreshold,
  ipvsRealServerWeight,
} from './metrics.ts';
import { createRealServerColumns, seriesOfEach } from './real-server-columns.ts';

/** What is known of the last scrape. */
export interface RowMemory {
  readonly recall: Recall;
  readonly keepRows: (rows: readonly Labels[]) => readonly Labels[];
}

/** The samples of all real servers, individually: as columns, and those that few of them have. */
export function sampleRealServers(
  servers: readonly JoinedVirtualServer[],
  labelsOf: (server: JoinedVirtualServer) => VirtualServerLabels,
  { recall, keepRows }: RowMemory,
): SamplePart[] {
  const count = servers.reduce((total, { server }) => total + server.realServers.length, 0);
  const columns = createRealServerColumns(
    count,
    servers.some(({ destinations }) => destinations !== undefined),
  );
  const [rows, limits]: [Labels[], Sample[]] = [[], []];
  for (const one of servers) {
    const virtualServer = labelsOf(one);
    for (const real of one.server.realServers) {
      const labels = recall(virtualServer, real);
      const destination = one.destinations?.get(endpointKey(real));
      columns.set(rows.length, real, destination);
      rows.push(labels);
      if (destination) limits.push(...sampleLimits(destination, labels));
    }
  }
  return [{ rows: keepRows(rows), columns: columns.list() }, ...limits];
}

function sampleLimits(
  { upperThreshold: upper, lowerThreshold: lower, forward, tunnel }: IpvsDestination,
  labels: Labels,
) {
  const samples: Sample[] = [];
  if (upper > 0) samples.push({ metric: ipvsRealServerUpperThreshold, value: upper, labels });
  if (lower > 0) samples.push({ metric: ipvsRealServerLowerThreshold, value: lower, labels });
  if (forward === 'tunnel' && tunnel) {
    const { type: tunnel_type, port: tunnel_port } = tunnel;
    samples.push({ metric: ipvsRealServerTunnelInfo, value: 1, labels: { ...labels, tunnel_type, tunnel_port } });
  }
  return samples;
}

/**
 * One set of samples for all real servers of a virtual server that forward alike. Only what can be added up: the sum
 * of counters would fall with every real server that goes, which rate() takes for a reset. The virtual server's own
 * counters have them all.
 */
export function sampleAggregate(
  { server, destinations }: JoinedVirtualServer,
  virtualServer: VirtualServerLabels,
): Sample[] {
  const forwards = new Set(server.realServers.map(({ forward }) => forward));
  return [...forwards].flatMap((forward) => {
    const group = server.realServers.filter((real) => real.forward === forward);
    const labels = { ...virtualServer, real_address: aggregated, real_port: aggregated, forward };
    const persistent = group.map((real) => destinations?.get(endpointKey(real))?.persistentConnections ?? 0);
    return [
      { metric: ipvsRealServerWeight, value: sumOf(group, 'weight'), labels },
      { metric: ipvsRealServerActiveConnections, value: sumOf(group, 'activeConnections'), labels },
      { metric: ipvsRealServerInactiveConnections, value: sumOf(group, 'inactiveConnections'), labels },
      ...(destinations ? [{ metric: ipvsRealServerPersistentConnections, value: sum(persistent), labels }] : []),
    ];
  });
}

/** How many series sampleRealServers() gives at least: thresholds and tunnels come on top. */
export function countRealServerSeries({ server, destinations }: JoinedVirtualServer): number {
  return server.realServers.length * (destinations ? seriesOfEach.withDestination : seriesOfEach.alone);
}

function sumOf(servers: readonly RealServer[], field: 'weight' | 'activeConnections' | 'inactiveConnections'): number {
  return sum(servers.map((real) => real[field]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
