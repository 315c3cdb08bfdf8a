import { describe, expect, it } from 'vitest';
import { platform } from '../../../src/collectors/platform/platform.ts';
import type { PlatformFacts } from '../../../src/host/host.ts';
import { render } from '../../../src/http/exposition.ts';
import { createHost, type Machine, systemError } from '../../machine.ts';

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
      `lvs_platform_info{role="none",${labels},kernel="6.1.0-28-amd64",kube_proxy="",service_manager=""} 1`,
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

  it.each([
    ['ldirectord', 'ldirectord'],
    ['seesaw_ncc', 'seesaw'],
    ['gorb', 'gorb'],
    ['kube-vip', 'kube-vip'],
    ['keepalived', ''],
  ])('finds what sets virtual servers up by the process %s', async (program, manager) => {
    const files = { ...plain.files, '/proc/77/comm': `${program}\n` };
    const table = { '/proc/net/ip_vs': ipVs('TCP  0A000065:0019 rr  \n') };
    const [serves, idle] = await Promise.all([
      collect({ ...plain, files: { ...files, ...table } }),
      collect({ ...plain, files }),
    ]);
    expect(serves[0]).toContain(`,service_manager="${manager}"}`);
    expect(idle[0]).toContain(',service_manager=""}');
  });

  it.each(['EPERM', 'EACCES'])('names no process whose name gives %s, as with hidepid=1', async (code) => {
    const table = { '/proc/net/ip_vs': ipVs('TCP  0A000065:0019 rr  \n') };
    const files = { ...plain.files, ...table, '/proc/1/comm': systemError(code, 'not permitted') };
    const [info] = await collect({ ...plain, files });
    expect(info).toContain('role="director",');
    expect(info).toContain(',service_manager=""}');
  });

  describe('of a node of Kubernetes', () => {
    const services = 'TCP  0A60000A:0050 rr\n  -> 0AF40105:1F90      Masq    1      0          9\n';
    const withService = { ...plain.files, '/proc/net/ip_vs': ipVs(`${services}TCP  0A604D01:1F90 rr\n`) };
    const settings = {
      '/proc/sys/net/ipv4/vs/conntrack': '1\n',
      '/proc/sys/net/ipv4/vs/expire_nodest_conn': '1\n',
      '/proc/sys/net/ipv4/vs/expire_quiescent_template': '1\n',
    };
    const closeWait = '/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close_wait';
    const timer = { [closeWait]: '3600\n' };
    const left = { ...withService, ...settings, ...timer };

    it.each([
      ['kube-ipvs0', 'ipvs'],
      ['kube-dummy-if', 'kube-router'],
      ['docker0', ''],
      ['cilium_host', ''],
    ])('recognises what manages IPVS by the device %s', async (device, proxy) => {
      const files = { ...withService, '/proc/net/dev': devices('lo', 'eth0', device) };
      const [info] = await collect({ ...plain, files });
      expect(info).toContain(`,kube_proxy="${proxy}",`);
    });

    it.each([
      ['settings and timer', left, 'ipvs'],
      ['settings and process', { ...withService, ...settings, '/proc/77/comm': 'kube-proxy\n' }, 'ipvs'],
      ['settings and the process of k3s', { ...withService, ...settings, '/proc/77/comm': 'k3s-agent\n' }, 'ipvs'],
      ['a pod of this host', { ...left, '/proc/net/ip_vs': ipVs(services.replace('Masq ', 'Local')) }, 'ipvs'],
      ['settings alone', { ...withService, ...settings, [closeWait]: '60\n' }, ''],
      ['another process', { ...withService, ...settings, '/proc/77/comm': 'keepalived\n' }, ''],
      ['timer alone', { ...withService, ...timer }, ''],
      ['a setting that is not set', { ...left, '/proc/sys/net/ipv4/vs/conntrack': '0\n' }, ''],
      ['direct server return', { ...left, '/proc/net/ip_vs': ipVs(services.replace('Masq ', 'Route')) }, ''],
      ['a firewall mark', { ...left, '/proc/net/ip_vs': ipVs(`${services}FWM  00000064 rr\n`) }, ''],
      ['no services', { ...left, '/proc/net/ip_vs': ipVs('') }, ''],
    ])('without the device, by %s', async (_what, files, proxy) => {
      const [info] = await collect({ ...plain, files });
      expect(info).toContain(`,kube_proxy="${proxy}",`);
    });
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
