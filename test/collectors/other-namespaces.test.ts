import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseNamespaces, createOtherNamespaces, findOtherNamespaces } from '../../src/collectors/other-namespaces.ts';
import type { Host } from '../../src/host/host.ts';
import { createLinuxHost } from '../../src/host/linux-host.ts';
import { createKeepalivedReader } from '../../src/keepalived/reader.ts';
import { createHost } from '../machine.ts';
import { needs } from '../needs.ts';
import { runProgram } from '../program.ts';

const programs = needs('bash', 'conntrack', 'ip', 'nft', 'root', 'network namespaces', 'ctnetlink', 'nf_tables');

const procfs = '/proc';
const host = createLinuxHost({
  procfs,
  keepalived: createKeepalivedReader({ procfs, lastDumpsDirectory: '/nonexistent' }),
});
const full = `lvs-full-${process.pid}`;
const empty = `lvs-empty-${process.pid}`;
const entries = 150;

const run = (command: string) =>
  execFileSync('ip', ['netns', 'exec', full, 'bash', '-c', command], { encoding: 'utf8', stdio: 'pipe' });

describe('the other network namespaces of this machine', programs, () => {
  beforeAll(() => {
    for (const name of [full, empty]) execFileSync('ip', ['netns', 'add', name]);
    run(`nft add table inet t
      nft 'add chain inet t p { type filter hook prerouting priority 0; }'
      nft add rule inet t p ct state new accept
      for n in {1..${entries}}; do
        echo "-A -p udp -s 192.0.2.1 -d 198.51.100.10 --sport $((1024 + n)) --dport 9 -u UNSET -t 600"
      done >/tmp/${full}
      conntrack -R /tmp/${full}; rm /tmp/${full}`);
  });
  afterAll(() => {
    for (const name of [full, empty]) execFileSync('ip', ['netns', 'delete', name]);
  });

  it('are found with their entries, by name', async () => {
    const found = await findOtherNamespaces(host);
    expect(found).toContainEqual({ name: full, entries });
    expect(found.find(({ name }) => name === empty)?.entries).toBe(0);
  });

  it('are found by a process where they have no name', async () => {
    const found = await findOtherNamespaces({ ...host, listDirectory: withoutNames });
    expect(found.every(({ name }) => name.startsWith('/proc/'))).toBe(true);
  });

  it('are diagnosed without being asked for', async () => {
    const { stdout } = await runProgram('diagnose', '--output=json', '--duration=2s');
    const { tables } = JSON.parse(stdout);
    expect(tables).toContainEqual(expect.objectContaining({ namespace: full, presentEntries: entries }));
  });
});

const withoutNames: Host['listDirectory'] = async (path) => (path === '/run/netns' ? [] : host.listDirectory(path));

describe('findOtherNamespaces()', () => {
  const link = (identity: string) => ({ '/proc/self/ns/net': identity });
  const count = (text: string) => ({ '/proc/sys/net/netfilter/nf_conntrack_count': text });
  const machine = createHost({
    files: { '/run/netns/a': '', '/run/netns/b': '', '/proc/1/comm': '', '/proc/7/comm': '', '/proc/8/comm': '' },
    links: {
      ...link('net:[1]'),
      '/proc/1/ns/net': 'net:[1]',
      '/proc/7/ns/net': 'net:[2]',
      '/proc/8/ns/net': 'net:[3]',
    },
    namespaces: {
      a: { links: link('net:[2]'), files: count('40\n') },
      b: { links: link('net:[1]') },
      '/proc/8/ns/net': { links: link('net:[3]'), files: count('900\n') },
    },
  });

  it('counts each namespace once, and not its own', async () => {
    expect(await findOtherNamespaces(machine)).toEqual([
      { name: 'a', entries: 40 },
      { name: '/proc/8/ns/net', entries: 900 },
    ]);
  });

  it('names those that it may not enter', async () => {
    const refuse = async () => {
      throw Object.assign(new Error('setns'), { code: 'EPERM' });
    };
    const closed: Host = {
      ...machine,
      enter: (name) => ({ ...machine.enter(name), readLink: refuse, readFile: refuse }),
    };
    expect(await findOtherNamespaces(closed)).toContainEqual({ name: 'a', entries: undefined });
    const samples = await createOtherNamespaces([]).collect(closed);
    expect(samples.map(({ metric, labels }) => `${metric.name} ${labels.namespace}`)).toContain(
      'other_namespaces_refused_info a',
    );
  });

  it('leaves out of the count those that are read', async () => {
    expect(chooseNamespaces(await findOtherNamespaces(machine))).toEqual(['/proc/8/ns/net']);
    const samples = await createOtherNamespaces(['/proc/8/ns/net']).collect(machine);
    expect(samples.map(({ labels, value }) => [labels.namespace, value])).toEqual([['a', 40]]);
  });
});
