import {
  ipvsRealServerTraffic,
  ipvsRealServerWeight,
  ipvsTraffic,
  ipvsVirtualServerTraffic,
} from '../collectors/ipvs/metrics.ts';
import { sum } from '../flows/arithmetic.ts';
import { bypassesDirector, bypassingForwards, upstreamStaySeconds } from '../identity/thresholds.ts';
import { identityOf, virtualServerKey } from '../identity/virtual-server.ts';
import type { Sample } from '../scrape/metric.ts';
import type { Readings } from './readings.ts';

type Labels = Sample['labels'];

/** Both come over netlink alone. */
const realServerCounter = ipvsRealServerTraffic.connections;
const virtualServerCounter = ipvsVirtualServerTraffic.connections;

/** What is read of real servers. */
export const demandMetrics = [ipvsRealServerWeight, realServerCounter] as const;

/** The entries that the stateful hop upstream of a director must hold. */
export interface Demand {
  /** New connections whose answers the hop does not see. */
  readonly perSecond: number;
  /** Entries that they keep in its table. */
  readonly entries: number;
}

export interface UpstreamDemand {
  /** Undefined without a second reading, and while no real server has any weight. */
  readonly total: Demand | undefined;
  /** The services that have real servers which answer past the hop. Those that need most come first. */
  readonly services: readonly ServiceDemand[];
}

export interface ServiceDemand {
  readonly labels: Labels;
  /** Undefined without netlink, too. */
  readonly demand: Demand | undefined;
}

/**
 * What the recording rules of `ipvs-upstream.rules` compute, from two readings. Undefined on a machine without services
 * that answer past it.
 */
export function readUpstreamDemand(readings: Readings): UpstreamDemand | undefined {
  const past = weightsOf(readings).filter(isPast);
  if (past.length === 0) return undefined;
  const isCounted = [realServerCounter, virtualServerCounter].some((counter) => readings.all(counter).length > 0);
  const services = labelsOfServices(past)
    .map(identityOf)
    .map((labels) => ({ labels, demand: isCounted ? readServiceDemand(readings, labels) : undefined }))
    .sort((one, other) => (other.demand?.entries ?? 0) - (one.demand?.entries ?? 0));
  const known = services.flatMap(({ demand }) => demand ?? []);
  if (known.length === 0) return { total: demandOf(pastPerSecond(readings), upstreamStaySeconds.tcp), services };
  const [perSecond, entries] = [sum(known.map((one) => one.perSecond)), sum(known.map((one) => one.entries))];
  return { total: { perSecond, entries }, services };
}

/** The labels of one real server of each. A director may have tens of thousands, and those of a service follow one another. */
function labelsOfServices(realServers: readonly Sample[]): Labels[] {
  const services = new Map<string, Labels>();
  let last: Labels | undefined;
  for (const { labels } of realServers) {
    if (last === undefined || !isSameService(labels, last)) services.set(virtualServerKey(labels), labels);
    last = labels;
  }
  return [...services.values()];
}

function isSameService(one: Labels, other: Labels): boolean {
  return (
    one.address === other.address &&
    one.port === other.port &&
    one.protocol === other.protocol &&
    one.fwmark === other.fwmark &&
    one.family === other.family
  );
}

function readServiceDemand(readings: Readings, service: Labels): Demand | undefined {
  const { tcp, udp } = upstreamStaySeconds;
  return demandOf(pastPerSecond(readings, service), service.protocol === 'udp' ? udp : tcp);
}

function demandOf(perSecond: number | undefined, staySeconds: number): Demand | undefined {
  return perSecond === undefined ? undefined : { perSecond, entries: perSecond * staySeconds };
}

/**
 * New connections a second that are answered past the director, of a service or of all. Counters of real servers show
 * exactly; where they are added up, those of the service and the weights do; without netlink, the total and the weights.
 */
export function pastPerSecond(readings: Readings, service?: Labels): number | undefined {
  const counted = bypassingForwards.flatMap(
    (forward) => (service && readings.perSecond(realServerCounter, { ...service, forward })) ?? [],
  );
  if (counted.length > 0) return sum(counted);
  const perSecond = connectionsPerSecond(readings, service);
  if (perSecond === undefined) return undefined;
  const weights = weightsOf(readings, service);
  const total = sumOf(weights);
  return total > 0 ? (perSecond * sumOf(weights.filter(isPast))) / total : undefined;
}

/** New connections a second of a service, or of all: undefined where they are not counted. */
export function connectionsPerSecond(readings: Readings, service?: Labels): number | undefined {
  return service === undefined
    ? readings.perSecond(ipvsTraffic.connections)
    : readings.perSecond(virtualServerCounter, service);
}

function weightsOf(readings: Readings, service?: Labels): readonly Sample[] {
  return readings.all(ipvsRealServerWeight, service);
}

/** Of a sample of a real server, whether that answers past the director. */
export function isPast({ labels: { forward = '' } }: Sample): boolean {
  return bypassesDirector(forward);
}

function sumOf(samples: readonly Sample[]): number {
  return sum(samples.map(({ value }) => value));
}
