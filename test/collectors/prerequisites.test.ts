import { describe, expect, it } from 'vitest';
import { prerequisites } from '../../src/collectors/prerequisites.ts';
import { createHost, systemError } from '../machine.ts';

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

  it('passes over a process that ends meanwhile', async () => {
    const host = createHost({ files });
    const readFile = (path: string) =>
      path === '/proc/8/comm' ? Promise.reject(systemError('ESRCH', 'no such process')) : host.readFile(path);
    expect(await prerequisites.collect({ ...host, readFile })).not.toEqual([]);
  });
});
