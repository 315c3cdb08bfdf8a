import { type Readings, splitByNamespace } from '../diagnosis/readings.ts';
import { identityOf } from '../diagnosis/virtual-servers.ts';
import type { Sample } from '../metric.ts';
import { answersPastDirector } from '../upstream.ts';
import type { Load } from './load.ts';

/** What a director asks of the stateful hop before it. */
export interface Demand {
  readonly loads: readonly Load[];
  /** The hop's limit, where somebody told. */
  readonly limit: number | undefined;
}

/**
 * Reads the demand from the counters of virtual servers. Throws where they are not known: without CAP_NET_ADMIN, and on
 * a machine that has none.
 */
export function directorDemand(now: readonly Sample[], before: readonly Sample[] | undefined): Demand {
  const [readings] = splitByNamespace(now, before);
  const services = readings?.all('ipvs_virtual_server_connections_total') ?? [];
  if (readings === undefined || services.length === 0) {
    throw new Error(
      'Cannot read the counters of virtual servers here: run it as root on a director, or tell the rates with --tcp and --udp',
    );
  }
  return {
    loads: services.map(({ labels }) => loadOf(readings, identityOf(labels))),
    limit: readings.value('ipvs_upstream_conntrack_limit'),
  };
}

function loadOf(readings: Readings, identity: Sample['labels']): Load {
  const perSecond = readings.perSecond('ipvs_virtual_server_connections_total', identity) ?? 0;
  const servers = readings.all('ipvs_real_server_active_connections', identity);
  const active = servers.reduce((sum, { value }) => sum + value, 0);
  const isHalfSeen = servers.some(({ labels: { forward = '' } }) => answersPastDirector(forward));
  return {
    protocol: identity.protocol === 'udp' ? 'udp' : 'tcp',
    seen: isHalfSeen ? 'half' : 'both',
    perSecond,
    // Little's law. IPVS has no active connections of UDP.
    durationSeconds: perSecond > 0 ? active / perSecond : 0,
  };
}
