import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { conntrack } from '../../src/collectors/conntrack.ts';
import { createConntrackTable } from '../../src/collectors/conntrack-table/conntrack-table.ts';
import { defaultSettings } from '../../src/collectors/index.ts';
import { collectInNamespace } from '../../src/collectors/namespaced.ts';
import type { Host } from '../../src/host/host.ts';
import { createLinuxHost } from '../../src/host/linux-host.ts';
import { render } from '../../src/http/exposition.ts';
import { needs } from '../needs.ts';

const notAsked = () => Promise.reject(new Error('not asked'));
const keepalived = { keepalived: notAsked, requestDumps: notAsked };

describe('createLinuxHost() on a folder', () => {
  let procfs: string;

  beforeEach(async () => {
    procfs = await mkdtemp(join(tmpdir(), 'lvs-exporter-procfs-'));
    await mkdir(join(procfs, 'net'));
    await writeFile(join(procfs, 'net/ip_vs'), 'of the folder\n');
  });

  afterEach(() => rm(procfs, { recursive: true }));

  it('reads below --path.procfs', async () => {
    const host = createLinuxHost({ procfs, keepalived });
    expect(await host.readFile('/proc/net/ip_vs')).toBe('of the folder\n');
    expect(await host.listDirectory('/proc')).toEqual(['net']);
    await expect(host.readFile('/proc/net/nothing')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('reads a long file part by part, until it is stopped', async () => {
    await writeFile(join(procfs, 'net/ip_vs_conn_sync'), 'a row\n'.repeat(100_000));
    const host = createLinuxHost({ procfs, keepalived });
    const lengths: number[] = [];
    const take = (most: number) => (part: string) => lengths.push(part.length) < most;
    expect(await host.readParts('/proc/net/ip_vs_conn_sync', take(Number.POSITIVE_INFINITY))).toBe(true);
    expect(lengths.reduce((sum, length) => sum + length)).toBe(600_000);
    expect(Math.max(...lengths)).toBeLessThan(100_000);
    lengths.length = 0;
    expect(await host.readParts('/proc/net/ip_vs_conn_sync', take(2))).toBe(false);
    expect(lengths.length).toBe(2);
    await expect(host.readParts('/proc/net/nothing', take(1))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it("reads this thread's network namespace where the folder has threads, as /proc has", async () => {
    await mkdir(join(procfs, 'thread-self/net'), { recursive: true });
    await writeFile(join(procfs, 'thread-self/net/ip_vs'), 'of the thread\n');
    expect(await createLinuxHost({ procfs, keepalived }).readFile('/proc/net/ip_vs')).toBe('of the thread\n');
  });
});

const programs = needs('conntrack', 'ip', 'iptables', 'sysctl', 'root', 'network namespaces', 'ctnetlink', 'nf_tables');

describe('createLinuxHost().enter()', programs, () => {
  const name = `lvs-host-${process.pid}`;
  const ip = (...args: string[]) => execFileSync('ip', args);
  const inside = (...args: string[]) => execFileSync('ip', ['netns', 'exec', name, ...args], { stdio: 'pipe' });
  let host: Host;

  beforeAll(() => {
    host = createLinuxHost({ procfs: '/proc', keepalived });
    ip('netns', 'add', name);
    inside('iptables', '-A', 'INPUT', '-m', 'conntrack', '--ctstate', 'NEW', '-j', 'ACCEPT');
    const tuple = ['-p', 'tcp', '-s', '10.1.0.1', '-d', '10.0.0.100', '--sport', '1024', '--dport', '80'];
    inside('conntrack', '-I', ...tuple, '--state', 'SYN_SENT', '-u', 'UNSET', '-t', '100');
    inside('sysctl', '-qw', 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent=117');
  });

  afterAll(() => {
    ip('netns', 'del', name);
  });

  const lines = async (collector: typeof conntrack, pattern: RegExp) => {
    const text = await render(await collectInNamespace(collector, name).collect(host), 'text');
    return text.split('\n').filter((line) => pattern.test(line));
  };

  it("reads a namespace's count and settings", async () => {
    expect(await lines(conntrack, /^conntrack_(entries\{|timeout_seconds.*syn_sent)/)).toEqual([
      `conntrack_entries{netns="${name}"} 1`,
      `conntrack_timeout_seconds{protocol="tcp",state="syn_sent",netns="${name}"} 117`,
    ]);
  });

  it("reads a namespace's table", async () => {
    const table = createConntrackTable(defaultSettings.table);
    expect(await lines(table, /^conntrack_destination_entries.* 1$/)).toEqual([
      `conntrack_destination_entries{protocol="tcp",address="10.0.0.100",port="80",zone="0",netns="${name}"} 1`,
    ]);
  });

  it('gives with a sample how many flows are live, however many have expired', async () => {
    for (const port of ['1025', '1026', '1027']) {
      const tuple = ['-p', 'tcp', '-s', '10.1.0.1', '-d', '10.0.0.100', '--sport', port, '--dport', '80'];
      inside('conntrack', '-I', ...tuple, '--state', 'SYN_SENT', '-u', 'UNSET', '-t', '1');
    }
    const sample = () => host.enter(name).flows(() => undefined, { limit: 1 });
    await expect
      .poll(sample)
      .toEqual({ entries: 1, complete: true, interrupted: false, liveCount: 1, source: 'netlink' });
  });

  it('takes the path of a file as well', async () => {
    const host = createLinuxHost({ procfs: '/proc', keepalived }).enter(`/run/netns/${name}`);
    expect(await host.readFile('/proc/sys/net/netfilter/nf_conntrack_count')).toBe('1\n');
  });

  it("reads a namespace's file part by part", async () => {
    const read = async (one: Host) => {
      let text = '';
      await one.readParts('/proc/net/dev', (part) => {
        text += part;
        return true;
      });
      return text.match(/^ *\w+(?=:)/gm)?.map((device) => device.trim());
    };
    const [theirs, ours] = await Promise.all([read(host.enter(name)), read(host)]);
    expect(theirs).toEqual(['lo']);
    expect(ours).not.toEqual(theirs);
  });

  it('leaves this process where it was', async () => {
    const before = await host.readLink('/proc/self/ns/net');
    const other = host.enter(name);
    const [theirs] = await Promise.all([other.readLink('/proc/thread-self/ns/net'), host.readFile('/proc/net/dev')]);
    expect(theirs).not.toBe(before);
    expect(await host.readLink('/proc/self/ns/net')).toBe(before);
  });

  it('names a namespace that is not there', async () => {
    await expect(host.enter('nowhere').readFile('/proc/net/dev')).rejects.toMatchObject({
      code: 'ENOENT',
      message: "ENOENT: no such file or directory, statfs '/run/netns/nowhere'",
    });
  });
});
