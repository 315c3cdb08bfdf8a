import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conntrack } from '../src/collectors/conntrack.ts';
import { defaultSettings } from '../src/collectors/index.ts';
import { createIpvs } from '../src/collectors/ipvs/ipvs.ts';
import { network } from '../src/collectors/network/network.ts';
import { platform } from '../src/collectors/platform/platform.ts';
import type { Host } from '../src/host/host.ts';
import { createLinuxHost } from '../src/host/linux-host.ts';
import { createLog } from '../src/log/log.ts';
import { createRunner } from '../src/scrape/scrape.ts';
import { recordedProcfs } from './fixtures.ts';
import { systemError } from './machine.ts';

const notAsked = () => Promise.reject(new Error('not asked'));

let procfs: string;

beforeEach(async () => {
  procfs = await mkdtemp(join(tmpdir(), 'lvs-exporter-procfs-'));
  await cp(recordedProcfs('director1'), procfs, { recursive: true });
});

afterEach(() => rm(procfs, { recursive: true }));

function openHost(): Host {
  const facts = { manufacturer: '', model: '', virtual: false, virtualHost: '' };
  const host = createLinuxHost({ procfs, keepalived: { keepalived: notAsked, requestDumps: notAsked } });
  return { ...host, platform: async () => facts };
}

/** Which collectors worked, and what the log reports about the one that did not. */
async function scrape(host: Host) {
  const failures: unknown[] = [];
  const write = (line: string) => failures.push(JSON.parse(line).error);
  const collectors = [createIpvs(defaultSettings.ipvs), conntrack, platform, network];
  const runner = createRunner({ collectors, host, log: createLog({ level: 'error', format: 'json', write }) });
  await runner.run(platform);
  await runner.run(network);
  const samples = await runner.collect(5000);
  const names = new Set(samples.map(({ metric }) => metric.name));
  const successes = samples.filter(({ metric }) => metric.name === 'lvs_exporter_collector_success');
  return {
    worked: Object.fromEntries(successes.map(({ labels, value }) => [labels.collector, value])),
    failures,
    names,
  };
}

const files = [
  ['ipvs', 'net/ip_vs'],
  ['ipvs', 'net/ip_vs_stats'],
  ['conntrack', 'net/stat/nf_conntrack'],
  ['conntrack', 'sys/net/netfilter/nf_conntrack_count'],
  ['conntrack', 'sys/net/netfilter/nf_conntrack_tcp_timeout_syn_sent'],
  ['platform', 'net/dev'],
] as const;

const damages = {
  empty: () => '',
  truncated: (text: string) => text.slice(0, -2),
  binary: () => '\u0000\u0001\ufffd\u007f\n\u0000',
  'a line of 1 MiB': () => `${'9'.repeat(2 ** 20)}\n`,
  'not numbers': (text: string) => text.replaceAll(/\d+$/gm, 'many').replaceAll(/ [\da-f]+ *$/gm, ' many'),
};

describe.each(files)('a broken file of the %s collector, %s,', (collector, file) => {
  it.each(Object.entries(damages))('when %s, costs one message and nothing else', async (_what, damage) => {
    const path = join(procfs, file);
    await writeFile(path, damage(await readFile(path, 'utf8')));
    const { worked, failures } = await scrape(openHost());
    expect(worked).toEqual({ ipvs: 1, conntrack: 1, platform: 1, [collector]: 0 });
    expect(failures).toEqual([
      expect.stringMatching(new RegExp(`^/proc/${file}: Cannot parse line \\d+: .{1,200}$`, 's')),
    ]);
  });

  it('when it may not be read, costs one message and nothing else', async () => {
    const host = openHost();
    const denied = `/proc/${file}`;
    const readFile: Host['readFile'] = (path) =>
      path === denied
        ? Promise.reject(systemError('EACCES', `permission denied, open '${path}'`))
        : host.readFile(path);
    const { worked, failures } = await scrape({ ...host, readFile });
    expect(worked).toMatchObject({ [collector]: 0 });
    expect(failures).toContain(`EACCES: permission denied, open '${denied}'`);
  });
});

const routes =
  'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\neth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n';

async function write(file: string, text: string): Promise<void> {
  const path = join(procfs, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

it.each([
  ['net/ip_vs_stats', 'ipvs_real_server_weight'],
  ['net/ip_vs_stats_percpu', 'ipvs_real_server_weight'],
  ['sys/net/ipv4/vs/conntrack', 'ipvs_real_server_weight'],
  ['net/stat/nf_conntrack', 'conntrack_entries'],
  ['sys/net/netfilter/nf_conntrack_tcp_timeout_syn_sent', 'conntrack_entries'],
  ['sys/net/ipv4/ip_forward', 'network_interface_setting'],
  ['sys/net/ipv4/conf/all/rp_filter', 'network_setting'],
  ['net/netstat', 'network_setting'],
])('an odd %s does not cost %s', async (file, metric) => {
  await write('net/route', routes);
  await write('sys/net/ipv4/tcp_syncookies', '1\n');
  await write('sys/net/ipv4/conf/all/arp_ignore', '1\n');
  await write(file, 'odd');
  const { failures, names } = await scrape(openHost());
  expect(failures).toEqual([expect.stringContaining(`/proc/${file}: `)]);
  expect(names).toContain(metric);
});

it('an IPVS that is not loaded is not a failure', async () => {
  await rm(join(procfs, 'net/ip_vs'));
  await rm(join(procfs, 'net/ip_vs_stats'));
  expect(await scrape(openHost())).toMatchObject({ worked: { conntrack: 1, platform: 1 }, failures: [] });
});
