import {
  aggregated,
  ipvsRealServerActiveConnections,
  ipvsRealServerInactiveConnections,
  ipvsRealServerWeight,
  ipvsVirtualServerInfo,
  ipvsVirtualServerRealServers,
  ipvsVirtualServerWeight,
} from '../../collectors/ipvs/metrics.ts';
import { endpoint } from '../../identity/address.ts';
import { nameService, virtualServerKey } from '../../identity/virtual-server.ts';
import { isKubernetesNode } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import { createWithName } from '../../readings/service-names.ts';
import { memoizeLast, type Sample } from '../../scrape/metric.ts';
import type { Rates } from './connection-rates.ts';

/** A real server of a service, or, where the exporter adds them up, all of those that it reaches in one way. */
export interface ListedServer {
  readonly address: string;
  readonly port: string;
  /** `10.0.0.1:80`, `All together` */
  readonly name: string;
  readonly forward: string;
  readonly weight: number;
  readonly active: number;
  readonly inactive: number;
}

/** An IPVS virtual server. */
export interface ListedService {
  /** The same for all samples of it. */
  readonly key: string;
  /** `tcp 10.0.0.100:80`, `firewall mark 7`, `web shop (10.0.0.100:80)` */
  readonly name: string;
  readonly protocol: string;
  readonly scheduler: string;
  readonly realServers: number;
  /** Sum of the weights; 0 if no real server takes new connections. */
  readonly weight: number;
  readonly active: number;
  readonly inactive: number;
  /** New connections; undefined without the counters that netlink alone gives, and before the second reading. */
  readonly perSecond: number | undefined;
  /** Whether it is normal without real servers: on a node of Kubernetes. */
  readonly mayBeEmpty: boolean;
  /** Those that matter most first: without weight, then with the most connections. */
  readonly servers: readonly ListedServer[];
}

/** All services, the most important first: those without real servers, then those with the most traffic. */
export function listServices(readings: Readings, samples: readonly Sample[], perSecond: Rates): ListedService[] {
  const weights = new Map(
    readings.all(ipvsVirtualServerWeight).map(({ labels, value }) => [virtualServerKey(labels), value] as const),
  );
  const schedulers = new Map(
    readings
      .all(ipvsVirtualServerInfo)
      .map(({ labels }) => [virtualServerKey(labels), describeScheduler(labels)] as const),
  );
  const withName = createWithName(readings);
  const servers = groupRealServers(samples);
  const mayBeEmpty = isKubernetesNode(readings);
  const services = readings.all(ipvsVirtualServerRealServers).map(({ labels, value }): ListedService => {
    const key = virtualServerKey(labels);
    const own = (servers.get(key) ?? []).sort(byNeed);
    return {
      key,
      name: nameService(withName(labels)),
      protocol: labels.protocol ?? '',
      scheduler: schedulers.get(key) ?? '',
      realServers: value,
      weight: weights.get(key) ?? 0,
      active: own.reduce((sum, { active }) => sum + active, 0),
      inactive: own.reduce((sum, { inactive }) => sum + inactive, 0),
      perSecond: perSecond.get(key),
      mayBeEmpty,
      servers: own,
    };
  });
  return services.sort(
    (one, other) =>
      Number(isInOrder(one)) - Number(isInOrder(other)) ||
      (other.perSecond ?? 0) - (one.perSecond ?? 0) ||
      connections(other) - connections(one),
  );
}

/** Whether a real server takes its new connections. */
export function isServed({ weight }: ListedService): boolean {
  return weight > 0;
}

/** Whether it is served, or need not be. */
function isInOrder(service: ListedService): boolean {
  return service.mayBeEmpty || isServed(service);
}

function describeScheduler({ scheduler = '', flags = '', persistence_seconds: seconds }: Sample['labels']): string {
  const words = flags.split(',').filter((word) => word !== '' && word !== 'persistent');
  const persistent = flags.includes('persistent') ? [`persistent${seconds === undefined ? '' : ` ${seconds} s`}`] : [];
  return [scheduler, ...words, ...persistent].join(', ');
}

/** A director may have tens of thousands: each is looked up once, and not for each of its metrics. */
function groupRealServers(samples: readonly Sample[]): Map<string, ListedServer[]> {
  const groups = new Map<string, Map<string, Unfinished>>();
  const find = memoizeLast((labels) => {
    const { real_address: address = '', real_port: port = '', forward = '' } = labels;
    const service = virtualServerKey(labels);
    const group = groups.get(service) ?? new Map<string, Unfinished>();
    groups.set(service, group);
    const key = `${address} ${port} ${forward}`;
    const server = group.get(key) ?? createServer(address, port, forward);
    group.set(key, server);
    return server;
  });
  for (const { metric, labels, value } of samples) {
    const field = fields.get(metric.name);
    if (field) find(labels)[field] = value;
  }
  return new Map([...groups].map(([service, group]) => [service, [...group.values()]]));
}

function createServer(address: string, port: string, forward: string): Unfinished {
  const name = address === aggregated ? 'All together' : endpoint(address, port);
  return { address, port, name, forward, weight: 0, active: 0, inactive: 0 };
}

type Unfinished = { -readonly [Field in keyof ListedServer]: ListedServer[Field] };

const fields: ReadonlyMap<string, 'weight' | 'active' | 'inactive'> = new Map([
  [ipvsRealServerWeight.name, 'weight'],
  [ipvsRealServerActiveConnections.name, 'active'],
  [ipvsRealServerInactiveConnections.name, 'inactive'],
]);

function byNeed(one: ListedServer, other: ListedServer): number {
  return Number(one.weight > 0) - Number(other.weight > 0) || connections(other) - connections(one);
}

function connections({ active, inactive }: Pick<ListedService, 'active' | 'inactive'>): number {
  return active + inactive;
}
