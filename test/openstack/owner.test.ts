import { describe, expect, it } from 'vitest';
import { readComputeNode } from '../../src/openstack/compute-node.ts';
import { createFindOwner } from '../../src/openstack/owner.ts';
import { listPorts } from '../../src/openstack/ports.ts';
import { listDriverZones } from '../../src/openstack/zones.ts';
import { createHost, type Machine } from '../machine.ts';
import { computeNodes, domainFiles } from './compute-node.ts';

/** `director-1 by zone`, or undefined. */
async function ownerOn(machine: Machine, address: string, zone: number): Promise<string | undefined> {
  const { node, failures } = await readComputeNode(createHost(machine));
  expect(failures).toEqual([]);
  const ports = listPorts(node);
  const owner = createFindOwner(ports, listDriverZones(node, ports), node.neighbours)({ address, zone });
  return owner && `${owner.port.domain?.instanceName ?? owner.port.device} by ${owner.evidence}`;
}

const virtualAddress = '203.0.113.80';

describe('whose flows are', () => {
  it.each([
    ['hybrid', 4097, virtualAddress, 'director-1 by zone'],
    ['hybrid', 4098, virtualAddress, 'R&D <mail> by zone'],
    ['hybrid', 4099, virtualAddress, undefined],
    ['ovn', 6, virtualAddress, 'director-1 by zone'],
    ['ovn', 7, virtualAddress, 'R&D <mail> by zone'],
    // A zone of the Open vSwitch firewall is that of a network, here with two ports.
    ['openvswitch', 3, virtualAddress, undefined],
    ['openvswitch', 3, '10.0.0.11', 'director-1 by address'],
    ['openvswitch', 3, 'fd00::f816:3eff:fe1a:2b3c', 'director-1 by address'],
    ['openvswitch', 4, virtualAddress, undefined],
  ] as const)('%s, zone %i, %s: %s', async (driver, zone, address, owner) => {
    expect(await ownerOn(computeNodes[driver], address, zone)).toBe(owner);
  });

  it.each(['hybrid', 'openvswitch', 'ovn'] as const)(
    '%s, zone 0: by the own address of a port alone',
    async (driver) => {
      expect(await ownerOn(computeNodes[driver], virtualAddress, 0)).toBeUndefined();
      expect(await ownerOn(computeNodes[driver], '10.0.0.11', 0)).toBe('director-1 by address');
    },
  );

  it('zone 0: by the hardware address of a neighbour', async () => {
    const arp = `IP address       HW type     Flags       HW address            Mask     Device
${virtualAddress}     0x1         0x2         fa:16:3e:1a:2b:3c     *        br-ex
`;
    const machine = { ...computeNodes.hybrid, files: { ...domainFiles, '/proc/net/arp': arp } };
    expect(await ownerOn(machine, virtualAddress, 0)).toBe('director-1 by neighbour');
  });

  it('of a machine with libvirt alone: by what its filter lets through, or by its neighbours', async () => {
    const domain = `<domain><name>web</name><uuid>1</uuid><devices><interface>
      <mac address='52:54:00:00:00:07'/><target dev='vnet3'/>
      <filterref filter='clean-traffic'><parameter name='IP' value='192.0.2.7'/></filterref></interface></devices></domain>`;
    const arp = `IP address       HW type     Flags       HW address            Mask     Device
${virtualAddress}     0x1         0x2         52:54:00:00:00:07     *        virbr0
`;
    const machine = { files: { '/run/libvirt/qemu/web.xml': domain, '/proc/net/arp': arp } };
    expect(await ownerOn(machine, '192.0.2.7', 0)).toBe(' by address');
    expect(await ownerOn(machine, virtualAddress, 0)).toBe(' by neighbour');
  });

  it('not by the address of a port where the zone is that of a router', async () => {
    expect(await ownerOn(computeNodes.ovn, '10.0.0.11', 5)).toBeUndefined();
  });

  it('not by an address that two ports have, in networks of their own', async () => {
    const [first = '', second = ''] = Object.values(domainFiles);
    const twin = first.replaceAll('1a2b3c4d-5e', '99999999-99').replaceAll('3d7e1b52', '00000000');
    const files = {
      '/run/libvirt/qemu/a.xml': first,
      '/run/libvirt/qemu/b.xml': second,
      '/run/libvirt/qemu/c.xml': twin,
    };
    expect(await ownerOn({ files }, '10.0.0.11', 0)).toBeUndefined();
  });

  it('not by a zone that two drivers chose for two ports', async () => {
    const rule = '-A PREROUTING -m physdev --physdev-in tap77c1dc00-af -j CT --zone 6\n';
    expect(await ownerOn({ ...computeNodes.ovn, rawTables: rule }, virtualAddress, 6)).toBeUndefined();
  });

  it('that of a port without a virtual machine that is known', async () => {
    const { rawTables } = computeNodes.hybrid;
    expect(await ownerOn({ rawTables }, virtualAddress, 4097)).toBe('tap1a2b3c4d-5e by zone');
  });
});

describe('listPorts()', () => {
  it.each(['hybrid', 'openvswitch', 'ovn'] as const)('%s: what all sources have about a port', async (driver) => {
    const { node } = await readComputeNode(createHost(computeNodes[driver]));
    const ports = [...listPorts(node).values()].map(({ domain, ...port }) => ({ ...port, project: domain?.project }));
    expect(ports).toEqual([
      {
        id: '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
        device: 'tap1a2b3c4d-5e',
        mac: 'fa:16:3e:1a:2b:3c',
        addresses: ['10.0.0.11', 'fd00::f816:3eff:fe1a:2b3c'],
        vmId: '3d7e1b52-0c1f-4c1e-9d5a-6c7f0e2b9a01',
        project: 'web shop',
      },
      {
        id: '77c1dc00-af39-4463-bea0-12808f4bc340',
        device: 'tap77c1dc00-af',
        mac: 'fa:16:3e:77:c1:dc',
        addresses: [],
        vmId: 'ff91d2dc-69a1-43ef-abde-c9e4e9a0305b',
        project: 'mail',
      },
    ]);
  });

  it('has no address of a port without a device here', async () => {
    const files = Object.fromEntries(
      Object.entries(domainFiles).map(([path, text]) => [path, text.replaceAll(/<target dev='tap.*?>/g, '')]),
    );
    const { node } = await readComputeNode(createHost({ files }));
    expect([...listPorts(node).keys()]).toEqual(['77c1dc00-af']);
  });

  it('finds the port of a device that libvirt named, by what Open vSwitch notes', async () => {
    const rename = (text: string) => text.replaceAll('tap1a2b3c4d-5e', 'vnet7');
    const files = Object.fromEntries(Object.entries(domainFiles).map(([path, text]) => [path, rename(text)]));
    const machine = { files, openVSwitch: rename(computeNodes.ovn.openVSwitch) };
    const { node } = await readComputeNode(createHost(machine));
    expect([...listPorts(node).keys()].sort()).toEqual(['1a2b3c4d-5e', '77c1dc00-af']);
    expect(listPorts(node).get('1a2b3c4d-5e')).toMatchObject({
      device: 'vnet7',
      addresses: ['10.0.0.11', 'fd00::f816:3eff:fe1a:2b3c'],
      domain: { instanceName: 'director-1' },
    });
  });

  it('finds the virtual machine of a port by what Open vSwitch notes', async () => {
    const withoutDevice = /<target dev='tap1a.*?>/;
    const files = Object.fromEntries(
      Object.entries(domainFiles).map(([path, text]) => [path, text.replace(withoutDevice, '')]),
    );
    const { node } = await readComputeNode(createHost({ ...computeNodes.ovn, files }));
    expect(listPorts(node).get('1a2b3c4d-5e')?.domain?.instanceName).toBe('director-1');
  });
});
