import type { DetailedService, IpvsDetail } from '../netlink/ipvs.ts';
import type { IpFamily } from '../netlink/ipvs-address.ts';
import type { IpvsDestination } from '../netlink/ipvs-destination.ts';
import type { RealServer, VirtualServer } from '../parsers/ip-vs.ts';

/** A virtual server of /proc/net/ip_vs, with what netlink tells of it. */
export interface JoinedVirtualServer {
  readonly server: VirtualServer;
  /** Of a firewall-mark service, for which the file does not show it. Undefined of an ordinary one, and if not known. */
  readonly family: IpFamily | undefined;
  readonly service: DetailedService | undefined;
  /** Of a real server, by `realServerKey`. */
  readonly destinations: ReadonlyMap<string, IpvsDestination> | undefined;
}

/**
 * Joins what the two sources tell. The file decides what there is, so that the series do not depend on privilege; what
 * came or went between the two readings is only less known. Rows that cannot be told apart are made one: a table that
 * changes while it is read can show a row twice.
 */
export function joinServers(servers: readonly VirtualServer[], detail: IpvsDetail | undefined): JoinedVirtualServer[] {
  const services = groupServices(detail?.services ?? []);
  const joined = new Map<string, JoinedVirtualServer>();
  for (const server of servers) {
    const family = server.fwmark === '' ? undefined : findFamily(server, services);
    const key = `${identify(server)} ${family}`;
    const earlier = joined.get(key);
    if (earlier) joined.set(key, { ...earlier, server: merge(earlier.server, server) });
    else joined.set(key, join(server, family, services));
  }
  return [...joined.values()];
}

export function realServerKey({ address, port }: Pick<RealServer, 'address' | 'port'>): string {
  return `${address} ${port}`;
}

type Services = ReadonlyMap<string, readonly DetailedService[]>;
type Identity = Pick<VirtualServer, 'protocol' | 'address' | 'port' | 'fwmark'>;

/** One for each identity, or two: a firewall mark can stand for an IPv4 service and for an IPv6 one. */
function groupServices(services: readonly DetailedService[]): Services {
  const groups = new Map<string, DetailedService[]>();
  for (const service of services) {
    const group = groups.get(identify(service));
    if (group) group.push(service);
    else groups.set(identify(service), [service]);
  }
  return groups;
}

function identify({ protocol, address, port, fwmark }: Identity): string {
  return `${protocol} ${address} ${port} ${fwmark}`;
}

function join(server: VirtualServer, family: IpFamily | undefined, services: Services): JoinedVirtualServer {
  const group = services.get(identify(server)) ?? [];
  const service = group.find((one) => server.fwmark === '' || one.family === family);
  const destinations = service && new Map(service.realServers.map((one) => [realServerKey(one), one]));
  return { server: { ...server, realServers: withoutRepeated(server.realServers) }, family, service, destinations };
}

/**
 * The family of a firewall-mark service is that of its real servers, except of those behind a tunnel. Without any,
 * netlink tells it if the mark has one service only.
 */
function findFamily(server: VirtualServer, services: Services): IpFamily | undefined {
  const real = server.realServers.find(({ forward }) => forward !== 'tunnel') ?? server.realServers[0];
  if (real) return real.address.includes(':') ? 'ipv6' : 'ipv4';
  const group = services.get(identify(server)) ?? [];
  const [candidate, ...others] = group.filter(({ realServers }) => realServers.length === 0);
  return others.length === 0 ? candidate?.family : undefined;
}

function merge(earlier: VirtualServer, later: VirtualServer): VirtualServer {
  return { ...earlier, realServers: withoutRepeated([...earlier.realServers, ...later.realServers]) };
}

/** Of equal ones the last. */
function withoutRepeated(servers: readonly RealServer[]): readonly RealServer[] {
  const byIdentity = new Map(servers.map((real) => [realServerKey(real), real]));
  return byIdentity.size === servers.length ? servers : [...byIdentity.values()];
}
