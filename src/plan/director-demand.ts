import {
  ipvsRealServerActiveConnections,
  ipvsVirtualServerRealServers,
  ipvsVirtualServerTraffic,
} from '../collectors/ipvs/metrics.ts';
import { sum } from '../flows/arithmetic.ts';
import { identityOf } from '../identity/virtual-server.ts';
import { type Readings, splitByNamespace } from '../readings/readings.ts';
import { connectionsPerSecond, isPast, pastPerSecond, readUpstreamDemand } from '../readings/upstream-demand.ts';
import { readUpstreamLimit } from '../readings/upstream-limit.ts';
import type { Sample } from '../scrape/metric.ts';
import type { Load } from './load.ts';

/** What a director needs of the stateful hop upstream. */
export interface DirectorDemand {
  readonly loads: readonly Load[];
  /** The hop's limit, if one was given. */
  readonly limit: number | undefined;
}

/**
 * Reads the demand from the counters of virtual servers; without CAP_NET_ADMIN from their total, as if all of it were TCP.
 * Throws on a machine that has none.
 */
export function directorDemand(now: readonly Sample[], before: readonly Sample[] | undefined): DirectorDemand {
  const [readings] = splitByNamespace(now, before);
  const services = readings?.all(ipvsVirtualServerRealServers) ?? [];
  if (readings === undefined || services.length === 0) {
    throw new Error(
      'Cannot read the counters of virtual servers: run as root on a director or on a host that tracks connections, or give the rates with --tcp and --udp',
    );
  }
  if (!isCounting(readings)) {
    throw new Error(
      'Cannot plan: the counters of connections do not move. Without traffic, or with net.ipv4.vs.run_estimation=0, give the rates with --tcp and --udp',
    );
  }
  const counted = services.map(({ labels }) => identityOf(labels)).filter((service) => isCounted(readings, service));
  return {
    loads: counted.length > 0 ? counted.flatMap((service) => loadsOf(readings, service)) : loadsOf(readings),
    limit: readUpstreamLimit(readings, readUpstreamDemand(readings)?.total?.entries),
  };
}

/** Without connections no entries are needed, which answers nothing. */
function isCounting(readings: Readings): boolean {
  return (connectionsPerSecond(readings) ?? 0) > 0;
}

function isCounted(readings: Readings, service: Sample['labels']): boolean {
  return readings.all(ipvsVirtualServerTraffic.connections, service).length > 0;
}

/** Of a service, or of all: what is answered past the hop, and what is answered through it. */
function loadsOf(readings: Readings, service?: Sample['labels']): Load[] {
  const perSecond = connectionsPerSecond(readings, service) ?? 0;
  const half = pastPerSecond(readings, service) ?? 0;
  const servers = readings.all(ipvsRealServerActiveConnections, service);
  const parts = [
    { seen: 'half', rate: half, servers: servers.filter(isPast) },
    { seen: 'both', rate: Math.max(0, perSecond - half), servers: servers.filter((one) => !isPast(one)) },
  ] as const;
  return parts
    .filter((part) => part.servers.length > 0)
    .map(({ seen, rate, servers: own }) => ({
      protocol: protocolOf(service),
      seen,
      perSecond: rate,
      // Little's law. IPVS has no active connections of UDP.
      durationSeconds: rate > 0 ? sum(own.map(({ value }) => value)) / rate : 0,
    }));
}

function protocolOf(service: Sample['labels'] | undefined): Load['protocol'] {
  return service?.protocol === 'udp' ? 'udp' : 'tcp';
}
