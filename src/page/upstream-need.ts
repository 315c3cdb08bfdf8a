import type { Readings } from '../diagnosis/readings.ts';
import { answersPastDirector, upstreamStaySeconds } from '../upstream.ts';
import type { Service } from './services.ts';

/** What a director asks of the stateful hop before it. */
export interface UpstreamNeed {
  /** New connections whose answers the hop does not see; undefined where the counters cannot be read. */
  readonly perSecond: number | undefined;
  /** Entries that they keep in the hop's table. */
  readonly entries: number | undefined;
  /** What the hop may have, if somebody told. */
  readonly limit: number | undefined;
}

/** Undefined on a machine without services that answer past it. */
export function readUpstreamNeed(readings: Readings, services: readonly Service[]): UpstreamNeed | undefined {
  const answeredPast = services.filter(({ servers }) => servers.some(({ forward }) => answersPastDirector(forward)));
  if (answeredPast.length === 0) return undefined;
  const limit = readings.value('ipvs_upstream_conntrack_limit');
  const known = answeredPast.filter(({ perSecond }) => perSecond !== undefined);
  if (known.length > 0) return { limit, perSecond: sumOf(known, arrivals), entries: sumOf(known, entriesOf) };
  // Without netlink there is one counter for all services, which says something where all of them are of the kind.
  const total = answeredPast.length === services.length ? readings.perSecond('ipvs_connections_total') : undefined;
  return { limit, perSecond: total, entries: total === undefined ? undefined : total * upstreamStaySeconds.tcp };
}

function arrivals({ perSecond = 0 }: Service): number {
  return perSecond;
}

function entriesOf(service: Service): number {
  return arrivals(service) * (service.protocol === 'udp' ? upstreamStaySeconds.udp : upstreamStaySeconds.tcp);
}

function sumOf(services: readonly Service[], value: (service: Service) => number): number {
  return services.reduce((sum, service) => sum + value(service), 0);
}
