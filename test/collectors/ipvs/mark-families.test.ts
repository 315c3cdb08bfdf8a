import { describe, expect, it } from 'vitest';
import { findFamilies } from '../../../src/collectors/ipvs/mark-families.ts';
import type { IpFamily } from '../../../src/netlink/ipvs/address.ts';
import type { DetailedService } from '../../../src/netlink/ipvs/ipvs.ts';
import type { VirtualServer } from '../../../src/parsers/procfs/ipvs/ip-vs.ts';
import { destination, service } from '../ipvs-machine.ts';

/** A service of one firewall mark, as the file shows it and as netlink does. */
interface Mark {
  readonly row: VirtualServer;
  readonly known: DetailedService;
}

type Route = readonly [address: string, forward: 'direct' | 'tunnel'];

function mark(family: IpFamily, ...routes: readonly Route[]): Mark {
  const realServers = routes.map(([address, forward]) => destination(address, { port: '0', forward }));
  const known = service({ family, protocol: '', address: '', port: '', fwmark: '100', realServers });
  return { known, row: { ...known, flags: [] } };
}

const direct4 = mark('ipv4', ['10.0.0.11', 'direct']);
const direct6 = mark('ipv6', ['fd00::11', 'direct']);
const tunnel4 = mark('ipv4', ['10.0.0.11', 'tunnel']);
const tunnel4To6 = mark('ipv4', ['fd00::11', 'tunnel']);
const tunnel6To6 = mark('ipv6', ['fd00::11', 'tunnel']);
const otherTunnels6 = mark('ipv6', ['fd00::11', 'tunnel'], ['fd00::12', 'tunnel']);
const mixed4 = mark('ipv4', ['fd00::11', 'tunnel'], ['10.0.0.11', 'direct']);
const [empty4, empty6] = [mark('ipv4'), mark('ipv6')];

const rowsOf = (marks: readonly Mark[]) => marks.map(({ row }) => row);
const knownOf = (marks: readonly Mark[]) => marks.map(({ known }) => known);
const familiesOf = (marks: readonly Mark[]) => marks.map(({ known: { family } }) => family);

describe('findFamilies()', () => {
  it.each<[string, Mark[]]>([
    ['direct real servers', [direct4, direct6]],
    ['tunnels', [tunnel4]],
    ['tunnels to the other family and to its own real servers', [mixed4, tunnel6To6]],
    ['tunnels to the other family, that has a service too', [tunnel4To6, direct6]],
    ['no real servers, while the other family has some', [empty4, direct6]],
  ])('finds the family of services with %s, also without netlink', (_, marks) => {
    for (const some of [marks, [...marks].reverse()]) {
      expect(findFamilies(rowsOf(some), knownOf(some))).toEqual(familiesOf(some));
      expect(findFamilies(rowsOf(some), [])).toEqual(familiesOf(some));
    }
  });

  it.each<[string, Mark[], (IpFamily | undefined)[]]>([
    ['no real servers', [empty4], [undefined]],
    ['no real servers in either family', [empty4, empty6], [undefined, undefined]],
    ['tunnels to the other family', [tunnel4To6], ['ipv6']],
    ['tunnels to the same real server', [tunnel4To6, tunnel6To6], ['ipv6', 'ipv6']],
    ['tunnels of which some are the same', [tunnel4To6, otherTunnels6], ['ipv6', 'ipv6']],
  ])('needs netlink for the family of services with %s', (_, marks, without) => {
    for (const some of [marks, [...marks].reverse()]) {
      expect(findFamilies(rowsOf(some), knownOf(some))).toEqual(familiesOf(some));
      expect(findFamilies(rowsOf(some), [])).toEqual(without);
    }
  });

  it.each([
    ['tunnels', [tunnel4To6, otherTunnels6]],
    ['no real servers', [empty4, empty6]],
  ])('takes rows with %s that come twice for the services that there are', (_, marks) => {
    const families = findFamilies([...rowsOf(marks), ...rowsOf(marks)], knownOf(marks));
    expect(families.slice(0, 2)).toEqual(familiesOf(marks));
    expect(families).not.toContain(undefined);
  });

  it('goes by the real servers before it goes by the order', () => {
    for (const marks of [
      [empty4, tunnel6To6],
      [tunnel4, tunnel6To6],
    ]) {
      expect(findFamilies(rowsOf(marks), knownOf(marks).reverse())).toEqual(familiesOf(marks));
    }
  });

  it('finds the service of a row whose real servers have all changed meanwhile', () => {
    expect(findFamilies([empty6.row], [tunnel6To6.known])).toEqual(['ipv6']);
    expect(findFamilies([tunnel4To6.row], [tunnel4.known])).toEqual(['ipv4']);
  });
});
