import type { IpFamily } from '../../netlink/ipvs/address.ts';
import type { DetailedService } from '../../netlink/ipvs/ipvs.ts';
import type { VirtualServer } from '../../parsers/procfs/ipvs/ip-vs.ts';
import type { RealServer } from '../../parsers/procfs/ipvs/ip-vs-row.ts';

const families: readonly IpFamily[] = ['ipv4', 'ipv6'];

/**
 * The families of the services of one firewall mark, of which there is one for each family at most. The file does not
 * show them; `services` are those of the mark over netlink, if it was read.
 *
 * A real server is of the family of its service unless it is behind a tunnel, so that netlink is needed for a service
 * without any, and for one whose tunnels all end at addresses of the other family. Where the other service of the mark
 * does not show either, its series differ by privilege: without netlink it has no family, or that of its tunnels. Two
 * such services of one mark then count as one.
 */
export function findFamilies(
  servers: readonly VirtualServer[],
  services: readonly DetailedService[],
): (IpFamily | undefined)[] {
  const certain = servers.map(({ realServers }) => familyOf(realServers.find(({ forward }) => forward !== 'tunnel')));
  const left = families.filter((family) => !certain.includes(family));
  const alike = createFindAlike(services.filter(({ family }) => left.includes(family)));
  return servers.map(
    (server, index) =>
      certain[index] ?? alike(server) ?? (left.length === 1 ? left[0] : familyOf(server.realServers[0])),
  );
}

function familyOf(real: RealServer | undefined): IpFamily | undefined {
  if (real === undefined) return undefined;
  return real.address.includes(':') ? 'ipv6' : 'ipv4';
}

/**
 * Finds the service of netlink that is most like that of the file. Several that are equally like it are given out in
 * turn: the kernel walks the same list for both.
 */
function createFindAlike(services: readonly DetailedService[]): (server: VirtualServer) => IpFamily | undefined {
  const given = new Set<IpFamily>();
  return (server) => {
    const likenesses = services.map((service) => likeness(server, service));
    const most = Math.max(...likenesses);
    const candidates = services.filter((_, index) => likenesses[index] === most).map(({ family }) => family);
    const family = candidates.find((one) => !given.has(one)) ?? candidates[0];
    if (family !== undefined) given.add(family);
    return family;
  };
}

/** The real servers that both have, or 1 where neither has any. */
function likeness({ realServers }: VirtualServer, service: DetailedService): number {
  if (realServers.length === 0) return service.realServers.length === 0 ? 1 : 0;
  const isIn = ({ address, port }: RealServer) =>
    service.realServers.some((known) => known.address === address && known.port === port);
  return realServers.filter(isIn).length;
}
