import { describe, expect, it } from 'vitest';
import { platform } from '../../src/collectors/platform.ts';
import type { PlatformFacts } from '../../src/host/host.ts';
import { render } from '../../src/http/exposition.ts';
import { createHost, type Machine, systemError } from '../machine.ts';

const facts: PlatformFacts = {
  manufacturer: 'OpenStack Foundation',
  model: 'OpenStack Nova',
  virtual: true,
  virtualHost: 'KVM',
};
const devices = (...names: string[]) => ['Inter-|', ' face |', ...names.map((name) => `${name}: 1 2`), ''].join('\n');
const ipVs = (row: string) => `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
${row}`;
const plain: Machine = {
  files: { '/proc/net/dev': devices('lo', 'eth0'), '/proc/sys/kernel/osrelease': '6.1.0-28-amd64\n' },
  platform: facts,
};

async function collect(machine: Machine): Promise<string[]> {
  const text = await render(await platform.collect(createHost(machine)), 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('platform.collect()', () => {
  it.each([
    ['an OpenStack instance', facts, 'virtualization="kvm",platform="openstack"'],
    ['plain KVM', { ...facts, manufacturer: 'QEMU', model: 'Standard PC' }, 'virtualization="kvm",platform="kvm"'],
    [
      'VMware',
      { ...facts, manufacturer: 'VMware, Inc.', model: 'VMware7,1', virtualHost: 'VMware' },
      'virtualization="vmware",platform="vmware"',
    ],
    ['Amazon', { ...facts, manufacturer: 'Amazon EC2', model: 'm5.large' }, 'virtualization="kvm",platform="aws"'],
    [
      'hardware',
      { ...facts, manufacturer: 'Dell Inc.', model: 'PowerEdge R640', virtual: false, virtualHost: '' },
      'virtualization="none",platform="metal"',
    ],
    [
      'an unknown hypervisor',
      { ...facts, manufacturer: '', model: '', virtualHost: '' },
      'virtualization="unknown",platform="unknown"',
    ],
  ])('recognises %s', async (_what, given, labels) => {
    expect(await collect({ ...plain, platform: given })).toEqual([
      `lvs_platform_info{role="none",${labels},kernel="6.1.0-28-amd64",kube_proxy=""} 1`,
    ]);
  });

  it.each([
    ['none', {}],
    ['none', { '/proc/net/ip_vs': ipVs('') }],
    ['director', { '/proc/net/ip_vs': ipVs('TCP  0A000065:0019 rr  \n') }],
    ['compute', { '/proc/net/dev': devices('tap1a2b3c4d-5e') }],
    ['compute', { '/proc/net/dev': devices('vnet0') }],
    ['both', { '/proc/net/ip_vs': ipVs('FWM  00000064 rr\n'), '/proc/net/dev': devices('qvo1a2b3c4d-5e') }],
  ])('finds the role %s', async (role, files) => {
    const [info] = await collect({ ...plain, files: { ...plain.files, ...files } });
    expect(info).toContain(`{role="${role}",`);
  });

  it('recognises kube-proxy in IPVS mode by its device', async () => {
    const files = { ...plain.files, '/proc/net/dev': devices('lo', 'eth0', 'kube-ipvs0') };
    const [info] = await collect({ ...plain, files });
    expect(info).toContain(',kube_proxy="ipvs"}');
  });

  const tracking = { ...plain.files, '/proc/sys/net/netfilter/nf_conntrack_count': '0\n' };
  it.each([
    [
      '1',
      'the initial namespace, by net.nf_conntrack_max',
      { ...plain, files: { ...tracking, '/proc/sys/net/nf_conntrack_max': '1\n' } },
    ],
    [
      '0',
      'another namespace, by the lack of it',
      { ...plain, files: tracking, links: { '/proc/self/ns/net': 'net:[1]', '/proc/1/ns/net': 'net:[1]' } },
    ],
    [
      '1',
      "process 1's namespace where nothing is tracked",
      { ...plain, links: { '/proc/self/ns/net': 'net:[1]', '/proc/1/ns/net': 'net:[1]' } },
    ],
    [
      '0',
      "another one than process 1's where nothing is tracked",
      { ...plain, links: { '/proc/self/ns/net': 'net:[2]', '/proc/1/ns/net': 'net:[1]' } },
    ],
  ])('exports %s %s', async (value, _what, machine) => {
    expect(await collect(machine)).toContain(`lvs_host_network_namespace ${value}`);
  });

  it('does not guess the namespace when it may not look', async () => {
    const host = createHost(plain);
    const readLink = () => Promise.reject(systemError('EACCES', 'permission denied'));
    const samples = await platform.collect({ ...host, readLink });
    expect(samples.map(({ metric }) => metric.name)).toEqual(['lvs_platform_info']);
  });
});
