import { describe, expect, it } from 'vitest';
import { prerequisitesSilentNeighbourInfo } from '../../../src/collectors/prerequisites/metrics.ts';
import { prerequisites } from '../../../src/collectors/prerequisites/prerequisites.ts';
import { createHost, systemError } from '../../machine.ts';

const files = {
  '/usr/sbin/nft': '',
  '/usr/bin/conntrack': '',
  '/proc/self/mounts': 'proc /proc proc rw 0 0\n',
  '/proc/7/comm': 'kube-proxy\n',
  '/proc/8/comm': 'sh\n',
};

async function collect(machine: Readonly<Record<string, string>>): Promise<Record<string, number>> {
  const samples = await prerequisites.collect(createHost({ files: machine }));
  return Object.fromEntries(
    samples.map(({ metric, labels, value }) => [[metric.name, ...Object.values(labels)].join(' '), value]),
  );
}

describe('prerequisites.collect()', () => {
  it('finds commands, a writable /proc/sys and the owner of settings', async () => {
    expect(await collect(files)).toMatchObject({
      'prerequisites_tool_installed nft': 1,
      'prerequisites_tool_installed conntrack': 1,
      'prerequisites_tool_installed iptables': 0,
      prerequisites_sysctl_writable: 1,
      'prerequisites_setting_owner_running kube-proxy': 1,
    });
  });

  it('sees that there is no such owner, and that /proc/sys is read-only', async () => {
    const { '/proc/7/comm': _, ...others } = files;
    const readOnly = { ...others, '/proc/self/mounts': 'proc /proc proc rw 0 0\nproc /proc/sys proc ro 0 0\n' };
    expect(await collect(readOnly)).toMatchObject({
      prerequisites_sysctl_writable: 0,
      'prerequisites_setting_owner_running kube-proxy': 0,
    });
  });

  it.each([
    ['k3s-server', 'k3s'],
    ['k3s-agent', 'kube-proxy'],
    ['kubelite', 'kube-proxy'],
    ['calico-node', 'calico'],
    ['firewalld', 'firewalld'],
  ])('recognizes %s as %s', async (process, owner) => {
    const machine = { ...files, '/proc/7/comm': `${process}\n` };
    expect(await collect(machine)).toHaveProperty([`prerequisites_setting_owner_running ${owner}`], 1);
  });

  it.each([
    ['yes', 1],
    ['no', 0],
  ])('recognizes ufw by its configuration, enabled: %s', async (word, expected) => {
    const machine = { ...files, '/etc/ufw/ufw.conf': `ENABLED=${word}\n` };
    expect(await collect(machine)).toHaveProperty(['prerequisites_setting_owner_running ufw'], expected);
  });

  it.each([
    ['has not answered on any interface', '0x0', ['10.0.0.11 eth0', '10.0.0.12 eth0', '10.0.0.11 eth1']],
    ['has answered on another interface', '0x2', ['10.0.0.12 eth0']],
    ['this host does not answer for itself (proxy ARP)', '0xc', ['10.0.0.11 eth0', '10.0.0.12 eth0']],
  ])('lists a neighbour as silent that %s', async (_what, flags, expected) => {
    const arp = `IP address       HW type     Flags       HW address            Mask     Device
10.0.0.11        0x1         0x0         00:00:00:00:00:00     *        eth0
10.0.0.12        0x1         0x0         00:00:00:00:00:00     *        eth0
10.0.0.11        0x1         ${flags}         52:54:00:00:00:0b     *        eth1
`;
    const samples = await prerequisites.collect(createHost({ files: { ...files, '/proc/net/arp': arp } }));
    const silent = samples.filter(({ metric }) => metric === prerequisitesSilentNeighbourInfo);
    expect(silent.map(({ labels }) => `${labels.address} ${labels.interface}`)).toEqual(expected);
  });

  it('passes over a process that ends meanwhile', async () => {
    const host = createHost({ files });
    const readFile = (path: string) =>
      path === '/proc/8/comm' ? Promise.reject(systemError('ESRCH', 'no such process')) : host.readFile(path);
    expect(await prerequisites.collect({ ...host, readFile })).not.toEqual([]);
  });
});

describe('the file that sets a setting', () => {
  const conf = (value: number) => `net.netfilter.nf_conntrack_max = ${value}\n`;
  const name = 'prerequisites_setting_file_info net.netfilter.nf_conntrack_max';
  const found = async (more: Readonly<Record<string, string>>) =>
    Object.keys(await collect({ ...files, ...more })).filter((key) => key.startsWith(name));

  it('is the last by its name, wherever it is', async () => {
    expect(
      await found({
        '/usr/lib/sysctl.d/95-b.conf': conf(1),
        '/etc/sysctl.d/91-a.conf': conf(2),
        '/etc/sysctl.d/99-c': conf(3),
      }),
    ).toEqual([`${name} /usr/lib/sysctl.d/95-b.conf `]);
  });

  it('is not one that another of its name masks', async () => {
    expect(
      await found({
        '/usr/lib/sysctl.d/95-b.conf': conf(1),
        '/etc/sysctl.d/95-b.conf': '',
        '/run/sysctl.d/10-a.conf': conf(2),
      }),
    ).toEqual([`${name} /run/sysctl.d/10-a.conf `]);
  });

  it('is that of ufw where it is on, after /etc/sysctl.conf', async () => {
    const both = { '/etc/sysctl.conf': `# Ansible managed\n${conf(1)}`, '/etc/ufw/sysctl.conf': conf(2) };
    expect(await found({ ...both, '/etc/ufw/ufw.conf': 'ENABLED=no\n' })).toEqual([`${name} /etc/sysctl.conf ansible`]);
    expect(await found({ ...both, '/etc/ufw/ufw.conf': 'ENABLED=yes\n' })).toEqual([`${name} /etc/ufw/sysctl.conf `]);
  });

  it('is that of the active profile of tuned where tuned does not apply the files again', async () => {
    const tuned = {
      '/etc/sysctl.d/99-a.conf': conf(1),
      '/etc/tuned/active_profile': 'node\n',
      '/etc/tuned/node/tuned.conf': '[main]\ninclude=base\n',
      '/usr/lib/tuned/base/tuned.conf': `[sysctl]\n${conf(2)}`,
    };
    expect(await found(tuned)).toEqual([`${name} /etc/sysctl.d/99-a.conf `]);
    expect(await found({ ...tuned, '/etc/tuned/tuned-main.conf': 'reapply_sysctl = 0\n' })).toEqual([
      `${name} /usr/lib/tuned/base/tuned.conf tuned`,
    ]);
  });

  it('names the tool that a file has its name from', async () => {
    expect(await found({ '/etc/sysctl.d/99-zzz-override_cilium.conf': `-${conf(1)}` })).toEqual([
      `${name} /etc/sysctl.d/99-zzz-override_cilium.conf cilium`,
    ]);
  });
});
