import { counter, gauge } from '../../scrape/metric.ts';

/**
 * The five counters that IPVS keeps of everything: all together, a CPU, a service, a real server. `of` ends each help
 * text: ` of a CPU`.
 */
function trafficCounters(prefix: string, of: string, labels: readonly string[] = []) {
  const outgoing = '0 by design for services that forward by direct routing or tunnel.';
  return {
    connections: counter(`${prefix}_connections_total`, `Connections scheduled${of}.`, labels),
    incomingPackets: counter(`${prefix}_incoming_packets_total`, `Packets from clients${of}.`, labels),
    outgoingPackets: counter(`${prefix}_outgoing_packets_total`, `Packets to clients${of}. ${outgoing}`, labels),
    incomingBytes: counter(`${prefix}_incoming_bytes_total`, `Bytes from clients${of}.`, labels),
    outgoingBytes: counter(`${prefix}_outgoing_bytes_total`, `Bytes to clients${of}. ${outgoing}`, labels),
  };
}

export type TrafficMetrics = Readonly<ReturnType<typeof trafficCounters>>;

/** `family` is that of a firewall-mark service; ordinary ones do not have the label. */
export const virtualServerLabels = ['protocol', 'address', 'port', 'fwmark', 'family'] as const;
export const realServerLabels = [...virtualServerLabels, 'real_address', 'real_port', 'forward'] as const;
/** In place of address and port of real servers that are added up. */
export const aggregated = 'all';

export const ipvsUpstreamConntrackLimit = gauge(
  'ipvs_upstream_conntrack_limit',
  'Maximum number of tracked flows of the stateful hop upstream of this director: --upstream.conntrack-limit. Absent unless set.',
);
export const ipvsRealServerWeight = gauge(
  'ipvs_real_server_weight',
  'Weight of a real server. 0 means that it gets no new connections.',
  realServerLabels,
);
export const ipvsRealServerActiveConnections = gauge(
  'ipvs_real_server_active_connections',
  'Connections in an active state (ActiveConn). UDP flows never are.',
  realServerLabels,
);
export const ipvsRealServerInactiveConnections = gauge(
  'ipvs_real_server_inactive_connections',
  'Connections in any other state (InActConn). UDP flows always are.',
  realServerLabels,
);
export const ipvsRealServerPersistentConnections = gauge(
  'ipvs_real_server_persistent_connections',
  'Number of persistence templates: clients that persistence keeps with the real server.',
  realServerLabels,
);
export const ipvsRealServerTraffic = trafficCounters('ipvs_real_server', ' of a real server', realServerLabels);
export const ipvsRealServerUpperThreshold = gauge(
  'ipvs_real_server_upper_threshold',
  'Number of connections above which a real server gets no more. Absent without a limit.',
  realServerLabels,
);
export const ipvsRealServerLowerThreshold = gauge(
  'ipvs_real_server_lower_threshold',
  'Number of connections below which a real server that exceeded its limit gets new ones. Absent if not set.',
  realServerLabels,
);
export const ipvsRealServerTunnelInfo = gauge(
  'ipvs_real_server_tunnel_info',
  'Encapsulation of packets to a real server. Always 1.',
  [...realServerLabels, 'tunnel_type', 'tunnel_port'],
);
export const ipvsSetting = gauge(
  'ipvs_setting',
  'Every number below net.ipv4.vs, unchanged. sync_threshold has two: the second is sync_threshold_period.',
  ['name'],
);
export const ipvsTimeoutSeconds = gauge(
  'ipvs_timeout_seconds',
  'Time that IPVS keeps a connection after its last packet. The state is empty for a protocol without states.',
  ['protocol', 'state'],
);
export const ipvsSyncDaemonRunning = gauge(
  'ipvs_sync_daemon_running',
  'Whether the thread runs that sends connections to another director (master) or receives them (backup).',
  ['role'],
);
export const ipvsSyncDaemonInfo = gauge(
  'ipvs_sync_daemon_info',
  'Interface and ID of a running synchronization thread. Always 1.',
  ['role', 'interface', 'sync_id'],
);
export const ipvsInfo = gauge('ipvs_info', 'Version of the IPVS code in the kernel.', ['version']);
export const ipvsConnectionTableBuckets = gauge(
  'ipvs_connection_table_buckets',
  "Buckets of the kernel's IPVS connection hash. Not a limit on connections. From Linux 7.1 on, the kernel resizes the hash, and it is 0 before the first service.",
);
export const ipvsConnections = gauge(
  'ipvs_connections',
  'Number of IPVS connections and persistence templates. Without access to /proc/net/ip_vs_status, only those of present real servers. Absent before Linux 7.1.',
);
export const ipvsConnectionsLimit = gauge(
  'ipvs_connections_limit',
  'Maximum number of IPVS connections (net.ipv4.vs.conn_max). At the limit, new connections are refused. Absent on kernels without the setting.',
);
export const ipvsTraffic = trafficCounters('ipvs', '');
export const ipvsCpuTraffic = trafficCounters(
  'ipvs_cpu',
  ', as each CPU counted them: never set back by "ipvsadm --zero"',
  ['cpu'],
);
export const ipvsVirtualServerInfo = gauge(
  'ipvs_virtual_server_info',
  'Scheduler and name of a virtual server. Always 1. Persistence and scheduler flags come over netlink only; the name is that of --collector.ipvs.names or of a virtual_server_group of keepalived.',
  [...virtualServerLabels, 'scheduler', 'flags', 'persistence_seconds', 'name'],
);
export const ipvsVirtualServerRealServers = gauge(
  'ipvs_virtual_server_real_servers',
  'Number of real servers of a virtual server. 0 if it has none.',
  virtualServerLabels,
);
export const ipvsVirtualServerWeight = gauge(
  'ipvs_virtual_server_weight',
  'Sum of the weights of a virtual server. 0 if no real server takes new connections.',
  virtualServerLabels,
);
export const ipvsVirtualServerTraffic = trafficCounters(
  'ipvs_virtual_server',
  ' of a virtual server',
  virtualServerLabels,
);

export const realServerMetrics = [
  ipvsRealServerWeight,
  ipvsRealServerActiveConnections,
  ipvsRealServerInactiveConnections,
  ipvsRealServerPersistentConnections,
  ...Object.values(ipvsRealServerTraffic),
  ipvsRealServerUpperThreshold,
  ipvsRealServerLowerThreshold,
  ipvsRealServerTunnelInfo,
];

export const ipvsSettingsMetrics = [ipvsSetting, ipvsTimeoutSeconds, ipvsSyncDaemonRunning, ipvsSyncDaemonInfo];

export const ipvsTotalsMetrics = [
  ipvsInfo,
  ipvsConnectionTableBuckets,
  ipvsConnections,
  ipvsConnectionsLimit,
  ...Object.values(ipvsTraffic),
  ...Object.values(ipvsCpuTraffic),
];

export const virtualServerMetrics = [
  ipvsVirtualServerInfo,
  ipvsVirtualServerRealServers,
  ipvsVirtualServerWeight,
  ...Object.values(ipvsVirtualServerTraffic),
];
