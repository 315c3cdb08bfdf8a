import { expect, it } from 'vitest';
import { parseIPv4 } from '../../../src/identity/address.ts';
import { parseNeighbours } from '../../../src/parsers/procfs/arp.ts';
import { leadsTo } from '../../../src/parsers/procfs/route.ts';

it('parseNeighbours() reads who has answered, and who has not', () => {
  const text = `IP address       HW type     Flags       HW address            Mask     Device
10.9.0.2         0x1         0x2         02:00:00:00:00:02     *        eth0
10.9.0.9         0x1         0x0         00:00:00:00:00:00     *        eth0
10.9.0.10        0x1         0x6         02:00:00:00:00:10     *        eth1
`;
  expect(parseNeighbours(text)).toEqual([
    { address: '10.9.0.2', mac: '02:00:00:00:00:02', interface: 'eth0', isComplete: true, isPermanent: false },
    { address: '10.9.0.9', mac: '00:00:00:00:00:00', interface: 'eth0', isComplete: false, isPermanent: false },
    { address: '10.9.0.10', mac: '02:00:00:00:00:10', interface: 'eth1', isComplete: true, isPermanent: true },
  ]);
});

it.each([
  ['192.0.2.9', { destination: 0xc0000200, mask: 0xffffff00 }, true],
  ['192.0.3.9', { destination: 0xc0000200, mask: 0xffffff00 }, false],
  ['198.51.100.1', { destination: 0, mask: 0 }, true],
])('leadsTo() compares %s', (address, route, expected) => {
  const number = parseIPv4(address) ?? 0;
  expect(leadsTo({ interface: 'eth0', gateway: 0, ...route }, number)).toBe(expected);
  expect(leadsTo({ interface: '*', gateway: 0, ...route }, number)).toBe(false);
});
