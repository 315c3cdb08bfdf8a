import { describe, expect, it } from 'vitest';
import { keepalived } from '../../../src/collectors/keepalived/keepalived.ts';
import { keepalivedVrrpUnicastPeerReachable } from '../../../src/collectors/keepalived/metrics.ts';
import { UnreadableFileError } from '../../../src/host/regular-file.ts';
import type { Sample } from '../../../src/scrape/metric.ts';
import { createHost, type Machine, systemError } from '../../machine.ts';

const dumpOf = (state: string, peer: string, ...devices: readonly string[]) =>
  `------< Global definitions >------
------< VRRP Topology >------
${devices.map((device, index) => instanceOf(state, peer, device, index + 1)).join('')}`;
const instanceOf = (state: string, peer: string, device: string, number: number) =>
  ` VRRP Instance = VI_${number}
   VRRP Version = 3
   State = ${state}
   Last transition = 1
   Interface = ${device}
   Virtual Router ID = ${number}
   Priority = 150
   Unicast Peer :
     ${peer} min_ttl 0 max_ttl 255
`;
const routes = (...rows: readonly string[]) => ({
  '/proc/net/route': ['Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask', ...rows, ''].join('\n'),
});
const elsewhere = 'eth0\t006433C6\t00000000\t0001\t0\t0\t0\t00FFFFFF';
const onLink = 'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF';
const byDefault = (device: string) => `${device}\t00000000\t010200C0\t0003\t0\t0\t0\t00000000`;

const zero = '0'.repeat(32);
const route6 = (destination: string, length: string, gateway: string, flags: string, device: string) =>
  `${destination} ${length} ${zero} 00 ${gateway} 00000400 00000001 00000000 ${flags} ${device}\n`;
const onLink6 = (device: string) => route6(`fd00${'0'.repeat(28)}`, '40', zero, '00000001', device);
const byDefault6 = (device: string) => route6(zero, '00', `fd00${'0'.repeat(27)}1`, '00000003', device);
const routes6 = (...rows: readonly string[]) => ({ '/proc/net/ipv6_route': rows.join('') });

const own = '192.0.2.2';
const own6 = 'fd00::2';
const answer = (address: string, answered: boolean, device = 'eth0') => ({ interface: device, address, answered });

async function reachOf(
  peer: string,
  machine: Omit<Machine, 'keepalived'>,
  { state = 'MASTER', device = 'eth0' } = {},
): Promise<boolean[]> {
  const samples = await collectReach(dumpOf(state, peer, device), machine);
  return samples.map(({ value }) => value === 1);
}

/** The values of two instances with one peer, by their interface. */
async function reachByInterface(peer: string, machine: Omit<Machine, 'keepalived'>): Promise<Record<string, number>> {
  const samples = await collectReach(dumpOf('MASTER', peer, 'eth0', 'eth1'), machine);
  return Object.fromEntries(samples.map(({ labels, value }) => [labels.interface, value]));
}

async function collectReach(text: string, machine: Omit<Machine, 'keepalived'>): Promise<Sample[]> {
  const dumps = { data: { text, modifiedSeconds: 1 } };
  const host = createHost({ ...machine, keepalived: [{ daemon: '', running: true, dumps }] });
  const samples = await keepalived.collect(host);
  return samples.filter(({ metric }) => metric === keepalivedVrrpUnicastPeerReachable);
}

describe.each([
  [
    'IPv4',
    own,
    routes(onLink),
    routes(byDefault('eth0')),
    routes(byDefault('eth1')),
    routes(byDefault('eth0'), onLink),
    routes(byDefault('eth0'), byDefault('eth1')),
  ],
  [
    'IPv6',
    own6,
    routes6(onLink6('eth0')),
    routes6(byDefault6('eth0')),
    routes6(onLink6('eth1')),
    routes6(byDefault6('eth0'), onLink6('eth0')),
    routes6(byDefault6('eth0'), byDefault6('eth1')),
  ],
])(
  'keepalived.collect() of a unicast peer of %s',
  (_family, peer, network, behindRouter, other, both, routersOnBoth) => {
    it.each([
      ['answers', [answer(peer, true)], {}, [true]],
      ['does not answer', [answer(peer, false)], network, [false]],
      ['does not answer, where no routes can be read', [answer(peer, false)], {}, [false]],
      ['was not asked for yet', [], network, []],
      ['was not asked for, where no routes can be read', [], {}, []],
      ['is behind a router', [], behindRouter, []],
      ['is behind a router, and was not before', [answer(peer, false)], behindRouter, []],
      ['does not answer on its network beside the default route', [answer(peer, false)], both, [false]],
      ['answers on another interface alone', [answer(peer, false), answer(peer, true, 'eth1')], network, [false]],
      [
        'does not answer on another interface alone',
        [answer(peer, false, 'eth1'), answer(peer, true)],
        network,
        [true],
      ],
      ['does not answer, and whose route uses another interface', [answer(peer, false)], other, [false]],
    ])('that %s', async (_, neighbours, files, expected) => {
      expect(await reachOf(peer, { neighbours, files })).toEqual(expected);
    });

    it.each([
      ['answers there', true, { eth1: 1 }],
      ['does not answer there', false, {}],
    ])(
      'that is behind a router on one interface, whatever it does on another: it %s',
      async (_, answered, expected) => {
        const neighbours = [answer(peer, false), answer(peer, answered, 'eth1')];
        expect(await reachByInterface(peer, { neighbours, files: routersOnBoth })).toEqual(expected);
      },
    );

    it.each([
      ['too long', (path: string) => new UnreadableFileError('EFBIG', path, 'file is larger than 33554432 bytes')],
      ['not readable', () => systemError('EIO', 'read')],
      ['odd', () => 'Inter-|\n'],
    ])('that does not answer, where the table of routes is %s', async (_, read) => {
      const files = Object.fromEntries(Object.keys(network).map((path) => [path, read(path)]));
      expect(await reachOf(peer, { neighbours: [answer(peer, false)], files })).toEqual([false]);
      expect(await reachOf(peer, { neighbours: [], files })).toEqual([]);
    });

    it('that is that of a backup', async () => {
      expect(await reachOf(peer, { neighbours: [answer(peer, false)], files: network }, { state: 'BACKUP' })).toEqual(
        [],
      );
    });

    it('of an instance without an interface, on any', async () => {
      const device = 'not configured';
      expect(await reachOf(peer, { neighbours: [answer(peer, true, 'eth7')] }, { device })).toEqual([true]);
      expect(await reachOf(peer, { neighbours: [answer(peer, false, 'eth7')] }, { device })).toEqual([false]);
    });

    it('of an instance whose advertisements leave through the interface below its own', async () => {
      const neighbours = [answer(peer, false, 'vrrp.51'), answer(peer, true)];
      const device = 'vrrp.51, vmac on eth0';
      expect(await reachOf(peer, { neighbours }, { device: `${device}, xmit base i/f` })).toEqual([true]);
      expect(await reachOf(peer, { neighbours }, { device })).toEqual([false]);
    });
  },
);

describe('keepalived.collect() of a unicast peer without a route', () => {
  it('leaves it to the kernel, which asks for an IPv4 address on the interface', async () => {
    expect(await reachOf(own, { neighbours: [], files: routes(elsewhere) })).toEqual([]);
    expect(await reachOf(own, { neighbours: [answer(own, false)], files: routes(elsewhere) })).toEqual([false]);
  });

  it('reports it where the kernel has no interface to ask on, and of IPv6', async () => {
    expect(await reachOf(own, { neighbours: [], files: routes(elsewhere) }, { device: 'not configured' })).toEqual([
      false,
    ]);
    expect(await reachOf(own6, { neighbours: [], files: routes6(onLink6('eth1')) })).toEqual([false]);
  });
});

describe('keepalived.collect() of a unicast peer where netlink is not available', () => {
  const arp = (flags: string, device = 'eth0') => ({
    '/proc/net/arp': `IP address       HW type     Flags       HW address            Mask     Device
${own}        0x1         ${flags}         02:00:00:00:00:02     *        ${device}
`,
  });

  it.each([
    ['answers', own, arp('0x2'), [true]],
    ['does not answer', own, arp('0x0'), [false]],
    ['answers on another interface', own, arp('0x2', 'eth1'), []],
    ['was set by hand', own, arp('0x6'), []],
    ['is of IPv6', own6, arp('0x2'), []],
    ['is of a machine that does not show neighbours', own, {}, []],
  ])('that %s', async (_, peer, files, expected) => {
    expect(await reachOf(peer, { files })).toEqual(expected);
  });
});

it('keepalived.collect() compares a peer in whichever form it is written', async () => {
  expect(await reachOf('fd00:0:0::2', { neighbours: [answer(own6, true)] })).toEqual([true]);
});
