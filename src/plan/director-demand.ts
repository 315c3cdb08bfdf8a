import { type Readings, splitByNamespace } from '../diagnosis/readings.ts';
import { identityOf } from '../diagnosis/virtual-servers.ts';
import { sum } from '../flows/arithmetic.ts';
import type { Sample } from '../metric.ts';
import { answersPastDirector, connectionsPerSecond, pastPerSecond } from '../upstream.ts';
import type { Load } from './load.ts';

/** What a director asks of the stateful hop before it. */
export interface Demand {
  readonly loads: readonly Load[];
  /** The hop's limit, where somebody told. */
  readonly limit: number | undefined;
}

/**
 * Reads the demand from the counters of virtual servers; without CAP_NET_ADMIN from their total, as if all of it were TCP.
 * Throws on a machine that has none.
 */
export function directorDemand(now: readonly Sample[], before: readonly Sample[] | undefined): Demand {
  const [readings] = splitByNamespace(now, before);
  const services = readings?.all('ipvs_virtual_server_real_servers') ?? [];
  if (readings === undefined || services.length === 0) {
    throw new Error(
      'Cannot read the counters of virtual servers here: run it as root on a director, or tell the rates with --tcp and --udp',
    );
  }
  const counted = services.map(({ labels }) => identityOf(labels)).filter((service) => isCounted(readings, service));
  return {
    loads: counted.length > 0 ? counted.flatMap((service) => loadsOf(readings, service)) : loadsOf(readings),
    limit: readings.value('ipvs_upstream_conntrack_limit'),
  };
}

function isCounted(readings: Readings, service: Sample['labels']): boolean {
  return readings.all('ipvs_virtual_server_connections_total', service).length > 0;
}

/** Of a service, or of all: what is answered past the hop, and what is answered through it. */
function loadsOf(readings: Readings, service?: Sample['labels']): Load[] {
  const perSecond = connectionsPerSecond(readings, service) ?? 0;
  const half = pastPerSecond(readings, service) ?? 0;
  const servers = readings.all('ipvs_real_server_active_connections', service);
  const isPast = ({ labels }: Sample) => answersPastDirector(labels.forward ?? '');
  const load = (seen: Load['seen'], rate: number, own: readonly Sample[]): Load[] => {
    const active = sum(own.map(({ value }) => value));
    // Little's law. IPVS has no active connections of UDP.
    const durationSeconds = rate > 0 ? active / rate : 0;
    return own.length === 0 ? [] : [{ protocol: protocolOf(service), seen, perSecond: rate, durationSeconds }];
  };
  return [
    ...load('half', half, servers.filter(isPast)),
    ...load(
      'both',
      Math.max(0, perSecond - half),
      servers.filter((one) => !isPast(one)),
    ),
  ];
}

function protocolOf(service: Sample['labels'] | undefined): Load['protocol'] {
  return service?.protocol === 'udp' ? 'udp' : 'tcp';
}
