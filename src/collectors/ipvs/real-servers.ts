import type { IpvsDestination } from '../../netlink/ipvs/destination.ts';
import type { RealServer } from '../../parsers/procfs/ip-vs.ts';
import { gauge, type Sample } from '../../scrape/metric.ts';
import { type JoinedVirtualServer, realServerKey } from './join.ts';
import type { Recall } from './label-memory.ts';
import { trafficCounters } from './traffic.ts';
import { type Labels, type VirtualServerLabels, virtualServerLabels } from './virtual-servers.ts';

export const realServerLabels = [...virtualServerLabels, 'real_address', 'real_port', 'forward'] as const;

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
const persistentConnections = gauge(
  'ipvs_real_server_persistent_connections',
  'Clients that persistence keeps with the real server: templates, that are no connections.',
  realServerLabels,
);
const traffic = trafficCounters('ipvs_real_server', ' of a real server', realServerLabels);
const upperThreshold = gauge(
  'ipvs_real_server_upper_threshold',
  'Connections beyond which a real server gets no more. Absent where there is no limit.',
  realServerLabels,
);
const lowerThreshold = gauge(
  'ipvs_real_server_lower_threshold',
  'Connections below which a real server that was over its limit gets some again. Absent where none is set.',
  realServerLabels,
);
const tunnelInfo = gauge('ipvs_real_server_tunnel_info', 'How packets to a real server are wrapped. Always 1.', [
  ...realServerLabels,
  'tunnel_type',
  'tunnel_port',
]);

export const realServerMetrics = [
  weight,
  activeConnections,
  inactiveConnections,
  persistentConnections,
  ...traffic.metrics,
  upperThreshold,
  lowerThreshold,
  tunnelInfo,
];

/** The samples of every real server of a virtual server, whose labels are given. */
export function sampleRealServers(
  { server, destinations }: JoinedVirtualServer,
  virtualServer: VirtualServerLabels,
  recall: Recall,
): Sample[] {
  const samples: Sample[] = [];
  for (const real of server.realServers) {
    const labels = recall(labelRealServer(virtualServer, real));
    samples.push(
      { metric: weight, value: real.weight, labels },
      { metric: activeConnections, value: real.activeConnections, labels },
      { metric: inactiveConnections, value: real.inactiveConnections, labels },
    );
    const destination = destinations?.get(realServerKey(real));
    if (destination) samples.push(...sampleDestination(destination, labels));
  }
  return samples;
}

/** A literal, because to spread the labels of the virtual server takes five times as long. */
function labelRealServer(virtualServer: VirtualServerLabels, { address, port, forward }: RealServer): Labels {
  const { protocol, address: virtualAddress, port: virtualPort, fwmark, family } = virtualServer;
  const labels = {
    protocol,
    address: virtualAddress,
    port: virtualPort,
    fwmark,
    real_address: address,
    real_port: port,
    forward,
  };
  return family === undefined ? labels : { ...labels, family };
}

function sampleDestination(destination: IpvsDestination, labels: Labels): Sample[] {
  return [
    { metric: persistentConnections, value: destination.persistentConnections, labels },
    ...traffic.sample(destination.traffic, labels),
    ...sampleLimits(destination, labels),
  ];
}

function sampleLimits(
  { upperThreshold: upper, lowerThreshold: lower, forward, tunnel }: IpvsDestination,
  labels: Labels,
) {
  const samples: Sample[] = [];
  if (upper > 0) samples.push({ metric: upperThreshold, value: upper, labels });
  if (lower > 0) samples.push({ metric: lowerThreshold, value: lower, labels });
  if (forward === 'tunnel' && tunnel) {
    const { type: tunnel_type, port: tunnel_port } = tunnel;
    samples.push({ metric: tunnelInfo, value: 1, labels: { ...labels, tunnel_type, tunnel_port } });
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
    const labels = { ...virtualServer, real_address: 'all', real_port: 'all', forward };
    const persistent = group.map((real) => destinations?.get(realServerKey(real))?.persistentConnections ?? 0);
    return [
      { metric: weight, value: sumOf(group, 'weight'), labels },
      { metric: activeConnections, value: sumOf(group, 'activeConnections'), labels },
      { metric: inactiveConnections, value: sumOf(group, 'inactiveConnections'), labels },
      ...(destinations ? [{ metric: persistentConnections, value: sum(persistent), labels }] : []),
    ];
  });
}

/** How many series sampleRealServers() gives at least: thresholds and tunnels come on top. */
export function countRealServerSeries({ server, destinations }: JoinedVirtualServer): number {
  const each = 3 + (destinations ? 1 + traffic.metrics.length : 0);
  return server.realServers.length * each;
}

function sumOf(servers: readonly RealServer[], field: 'weight' | 'activeConnections' | 'inactiveConnections'): number {
  return sum(servers.map((real) => real[field]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
