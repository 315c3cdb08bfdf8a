import type { Collector } from '../collector.ts';
import { sourceInfo } from '../exporter-metrics.ts';
import { counter, gauge, type Sample, sample } from '../metric.ts';
import { type IpVsTable, parseIpVs, type RealServer, type VirtualServer } from '../parsers/ip-vs.ts';
import { type IpVsStats, parseIpVsStats } from '../parsers/ip-vs-stats.ts';
import { readParsed } from '../read.ts';

const virtualServerLabels = ['protocol', 'address', 'port', 'fwmark'] as const;
const realServerLabels = [...virtualServerLabels, 'real_address', 'real_port', 'forward'] as const;

const info = gauge('ipvs_info', 'Version of the IPVS code in the kernel.', ['version']);
const buckets = gauge(
  'ipvs_connection_table_buckets',
  "Buckets of the kernel's IPVS connection hash. Not a limit on connections.",
);
const connections = counter('ipvs_connections_total', 'Connections scheduled.');
const incomingPackets = counter('ipvs_incoming_packets_total', 'Packets from clients.');
const outgoingPackets = counter(
  'ipvs_outgoing_packets_total',
  'Packets to clients. 0 by design where services forward direct or by tunnel.',
);
const incomingBytes = counter('ipvs_incoming_bytes_total', 'Bytes from clients.');
const outgoingBytes = counter(
  'ipvs_outgoing_bytes_total',
  'Bytes to clients. 0 by design where services forward direct or by tunnel.',
);
const virtualServerInfo = gauge('ipvs_virtual_server_info', 'How a virtual server schedules. Always 1.', [
  ...virtualServerLabels,
  'scheduler',
  'flags',
]);
const virtualServerRealServers = gauge(
  'ipvs_virtual_server_real_servers',
  'Real servers of a virtual server. 0 when it has nobody behind it.',
  virtualServerLabels,
);
const virtualServerWeight = gauge(
  'ipvs_virtual_server_weight',
  'Sum of the weights of a virtual server. 0 when nobody takes new connections.',
  virtualServerLabels,
);
const weight = gauge(
  'ipvs_real_server_weight',
  'Weight of a real server. 0 means that it gets no new connections.',
  realServerLabels,
);
const activeConnections = gauge(
  'ipvs_real_server_active_connections',
  'Connections in an active state (ActiveConn). UDP flows never are.',
  realServerLabels,
);
const inactiveConnections = gauge(
  'ipvs_real_server_inactive_connections',
  'Connections in any other state (InActConn). UDP flows always are.',
  realServerLabels,
);

/** The IPVS table of this network namespace. Needs no privilege: the files are world-readable. */
export const ipvs: Collector = {
  name: 'ipvs',
  help: 'IPVS services and real servers from /proc/net/ip_vs, totals from /proc/net/ip_vs_stats.',
  metrics: [
    info,
    buckets,
    connections,
    incomingPackets,
    outgoingPackets,
    incomingBytes,
    outgoingBytes,
    virtualServerInfo,
    virtualServerRealServers,
    virtualServerWeight,
    weight,
    activeConnections,
    inactiveConnections,
  ],
  async collect(host) {
    const [table, stats] = await Promise.all([
      readParsed(host, '/proc/net/ip_vs', parseIpVs),
      readParsed(host, '/proc/net/ip_vs_stats', parseIpVsStats),
    ]);
    return [
      sample(sourceInfo, 1, { collector: 'ipvs', source: 'procfs' }),
      ...sampleTable(table),
      ...sampleStats(stats),
      ...mergeRepeated(table.virtualServers).flatMap(sampleVirtualServer),
    ];
  },
};

function sampleTable(table: IpVsTable): Sample[] {
  return [sample(info, 1, { version: table.version }), sample(buckets, table.connectionTableBuckets)];
}

function sampleStats(stats: IpVsStats): Sample[] {
  return [
    sample(connections, stats.connections),
    sample(incomingPackets, stats.incomingPackets),
    sample(outgoingPackets, stats.outgoingPackets),
    sample(incomingBytes, stats.incomingBytes),
    sample(outgoingBytes, stats.outgoingBytes),
  ];
}

function sampleVirtualServer(server: VirtualServer): Sample[] {
  const { protocol, address, port, fwmark, realServers } = server;
  const labels = { protocol, address, port, fwmark };
  return [
    sample(virtualServerInfo, 1, { ...labels, scheduler: server.scheduler, flags: server.flags.join(',') }),
    sample(virtualServerRealServers, realServers.length, labels),
    sample(virtualServerWeight, sum(realServers, 'weight'), labels),
    ...realServers.flatMap((real) => sampleRealServer(real, labels)),
  ];
}

function sampleRealServer(
  server: RealServer,
  virtualServer: Record<(typeof virtualServerLabels)[number], string>,
): Sample[] {
  const labels = {
    ...virtualServer,
    real_address: server.address,
    real_port: server.port,
    forward: server.forward,
  };
  return [
    sample(weight, server.weight, labels),
    sample(activeConnections, server.activeConnections, labels),
    sample(inactiveConnections, server.inactiveConnections, labels),
  ];
}

/**
 * Rows that the file cannot tell apart, made one. The kernel prints an IPv4 and an IPv6 service with the same
 * firewall mark alike, and a table that changes while it is read can show a row twice.
 */
function mergeRepeated(servers: readonly VirtualServer[]): VirtualServer[] {
  const merged = new Map<string, VirtualServer>();
  for (const server of servers) {
    const key = `${server.protocol} ${server.address} ${server.port} ${server.fwmark}`;
    const earlier = merged.get(key);
    const realServers = earlier ? [...earlier.realServers, ...server.realServers] : server.realServers;
    merged.set(key, { ...(earlier ?? server), realServers: withoutRepeated(realServers) });
  }
  return [...merged.values()];
}

function withoutRepeated(servers: readonly RealServer[]): readonly RealServer[] {
  const byIdentity = new Map(servers.map((real) => [`${real.address} ${real.port} ${real.forward}`, real]));
  return byIdentity.size === servers.length ? servers : [...byIdentity.values()];
}

function sum(servers: readonly RealServer[], field: 'weight'): number {
  return servers.reduce((total, server) => total + server[field], 0);
}
