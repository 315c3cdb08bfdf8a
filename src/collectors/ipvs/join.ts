import { groupBy } from '../../identity/group-by.ts';
import type { IpFamily } from '../../netlink/ipvs/address.ts';
import type { IpvsDestination } from '../../netlink/ipvs/destination.ts';
import type { DetailedService, IpvsDetail } from '../../netlink/ipvs/ipvs.ts';
import type { VirtualServer } from '../../parsers/procfs/ipvs/ip-vs.ts';
import type { RealServer } from '../../parsers/procfs/ipvs/ip-vs-row.ts';
import { findFamilies } from './mark-families.ts';

/** A virtual server of /proc/net/ip_vs, with what netlink has on it. */
export interface JoinedVirtualServer {
  readonly server: VirtualServer;
  /** Of a firewall-mark service, for which the file does not show it. Undefined of an ordinary one, and if not known. */
  readonly family: IpFamily | undefined;
  readonly service: DetailedService | undefined;
  /** Of a real server, by `endpointKey`. */
  readonly destinations: ReadonlyMap<string, IpvsDestination> | undefined;
}

/**
 * Joins what the two sources show. What the file has and netlink does not, because it went meanwhile, is only less known.
 * What netlink alone has is there: of a file longer than a page the kernel leaves services out where other network
 * namespaces have some too, for on each page it counts those as well (Linux 6.1, ip_vs_info_seq_next()). Rows that cannot
 * be distinguished are made one: a table that changes while it is read can show a row twice.
 */
export function joinServers(servers: readonly VirtualServer[], detail: IpvsDetail | undefined): JoinedVirtualServer[] {
  const services = groupByIdentity(detail?.services ?? []);
  const families = findMarkFamilies(servers, services);
  const joined = new Map<string, JoinedVirtualServer>();
  for (const server of servers) {
    const family = families.get(server);
    const key = `${identify(server)} ${family}`;
    const earlier = joined.get(key);
    if (earlier) joined.set(key, { ...earlier, server: merge(earlier.server, server) });
    else joined.set(key, join(server, family, services));
  }
  for (const service of detail?.services ?? []) {
    const family = service.fwmark === '' ? undefined : service.family;
    const key = `${identify(service)} ${family}`;
    if (!joined.has(key)) joined.set(key, join({ ...service, flags: [] }, family, services));
  }
  return [...joined.values()];
}

export function endpointKey({ address, port }: Pick<RealServer, 'address' | 'port'>): string {
  return `${address} ${port}`;
}

type Groups<T> = ReadonlyMap<string, readonly T[]>;
type Services = Groups<DetailedService>;
type Identity = Pick<VirtualServer, 'protocol' | 'address' | 'port' | 'fwmark'>;

/** One for each identity, or two: a firewall mark can stand for an IPv4 service and for an IPv6 one. */
function groupByIdentity<T extends Identity>(services: readonly T[]): Groups<T> {
  return groupBy(services, identify);
}

function findMarkFamilies(
  servers: readonly VirtualServer[],
  services: Services,
): ReadonlyMap<VirtualServer, IpFamily | undefined> {
  const marks = groupByIdentity(servers.filter(({ fwmark }) => fwmark !== ''));
  return new Map(
    [...marks].flatMap(([identity, group]) => {
      const families = findFamilies(group, services.get(identity) ?? []);
      return group.map((server, index) => [server, families[index]] as const);
    }),
  );
}

function identify({ protocol, address, port, fwmark }: Identity): string {
  return `${protocol} ${address} ${port} ${fwmark}`;
}

function join(server: VirtualServer, family: IpFamily | undefined, services: Services): JoinedVirtualServer {
  const group = services.get(identify(server)) ?? [];
  const service = group.find((one) => server.fwmark === '' || one.family === family);
  const destinations = service && new Map(service.realServers.map((one) => [endpointKey(one), one]));
  return { server: { ...server, realServers: withoutRepeated(server.realServers) }, family, service, destinations };
}

function merge(earlier: VirtualServer, later: VirtualServer): VirtualServer {
  return { ...earlier, realServers: withoutRepeated([...earlier.realServers, ...later.realServers]) };
}

/** Of equal ones the last. */
function withoutRepeated(servers: readonly RealServer[]): readonly RealServer[] {
  // Mostly each has an address of its own, which is seen without a text made for each.
  if (new Set(servers.map(({ address }) => address)).size === servers.length) return servers;
  const byIdentity = new Map(servers.map((real) => [endpointKey(real), real]));
  return byIdentity.size === servers.length ? servers : [...byIdentity.values()];
}
