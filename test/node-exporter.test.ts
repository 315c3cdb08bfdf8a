import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { conntrack } from '../src/collectors/conntrack.ts';
import { defaultSettings } from '../src/collectors/index.ts';
import { createIpvs } from '../src/collectors/ipvs.ts';
import { createLinuxHost } from '../src/linux-host.ts';
import type { Sample } from '../src/metric.ts';
import { havePrograms } from './debian-package.ts';
import { recordedProcfs } from './fixtures.ts';

const available = havePrograms('prometheus-node-exporter');

let referee: ChildProcess | undefined;

afterEach(async () => {
  referee?.kill();
  if (referee?.exitCode === null) await once(referee, 'close');
});

/** What Debian's node_exporter says of a /proc tree: series and values. */
async function askReferee(procfs: string): Promise<Map<string, number>> {
  const address = `127.0.0.1:${20_000 + (process.pid % 10_000)}`;
  const collectors = ['--collector.disable-defaults', '--collector.ipvs', '--collector.conntrack'];
  referee = spawn('prometheus-node-exporter', [
    ...collectors,
    `--path.procfs=${procfs}`,
    `--web.listen-address=${address}`,
  ]);
  for (;;) {
    const response = await fetch(`http://${address}/metrics`).catch(() => sleep(50));
    if (response) return readSeries(await response.text());
  }
}

function readSeries(text: string): Map<string, number> {
  const lines = text.matchAll(/^(node_(?:ipvs|nf_conntrack)_.*) (\S+)$/gm);
  return new Map([...lines].map(([, series = '', value]) => [series, Number(value)]));
}

/** What our collectors say of it, in the referee's words. */
async function askOurs(procfs: string): Promise<Map<string, number>> {
  const host = createLinuxHost({ procfs, keepalived: () => Promise.reject(new Error('not asked')) });
  const samples = [...(await createIpvs(defaultSettings.ipvs).collect(host)), ...(await conntrack.collect(host))];
  const totals = new Map<string, number>();
  for (const sample of samples) {
    const series = translate(sample);
    // node_exporter adds up the CPUs.
    if (series !== undefined) totals.set(series, (totals.get(series) ?? 0) + sample.value);
  }
  return totals;
}

const names: Readonly<Record<string, string>> = {
  ipvs_real_server_active_connections: 'node_ipvs_backend_connections_active',
  ipvs_real_server_inactive_connections: 'node_ipvs_backend_connections_inactive',
  ipvs_real_server_weight: 'node_ipvs_backend_weight',
  ipvs_connections_total: 'node_ipvs_connections_total',
  ipvs_incoming_packets_total: 'node_ipvs_incoming_packets_total',
  ipvs_outgoing_packets_total: 'node_ipvs_outgoing_packets_total',
  ipvs_incoming_bytes_total: 'node_ipvs_incoming_bytes_total',
  ipvs_outgoing_bytes_total: 'node_ipvs_outgoing_bytes_total',
  conntrack_entries: 'node_nf_conntrack_entries',
  conntrack_entries_limit: 'node_nf_conntrack_entries_limit',
  conntrack_found_total: 'node_nf_conntrack_stat_found',
  conntrack_invalid_total: 'node_nf_conntrack_stat_invalid',
  conntrack_insert_failed_total: 'node_nf_conntrack_stat_insert_failed',
  conntrack_drop_total: 'node_nf_conntrack_stat_drop',
  conntrack_early_drop_total: 'node_nf_conntrack_stat_early_drop',
  conntrack_search_restart_total: 'node_nf_conntrack_stat_search_restart',
};

function translate({ metric, labels }: Sample): string | undefined {
  const name = names[metric.name];
  if (name === undefined || !name.includes('backend')) return name;
  const mark = labels.fwmark ? Number(labels.fwmark).toString(16).toUpperCase().padStart(8, '0') : '';
  const theirs = {
    local_address: labels.address,
    local_mark: mark,
    local_port: labels.port || '0',
    proto: mark ? 'FWM' : labels.protocol?.toUpperCase(),
    remote_address: labels.real_address,
    remote_port: labels.real_port,
  };
  const pairs = Object.entries(theirs).map(([label, value]) => `${label}="${value}"`);
  return `${name}{${pairs.join(',')}}`;
}

function withoutSctp(series: Map<string, number>): Map<string, number> {
  return new Map([...series].filter(([name]) => !name.includes('remote_port="3868"')));
}

/** Counters that no longer count on any kernel since 4.18, or only what netlink inserts: we leave them out. */
const meaningless = ['node_nf_conntrack_stat_ignore', 'node_nf_conntrack_stat_insert'];

describe.runIf(available)('next to node_exporter', () => {
  it.each(['compute', 'director1', 'shelf'])('has the same values on the /proc of %s', async (node) => {
    const theirs = await askReferee(recordedProcfs(node));
    for (const name of meaningless) theirs.delete(name);
    expect(theirs.size).toBeGreaterThan(0);
    expect(withoutSctp(await askOurs(recordedProcfs(node)))).toEqual(withoutSctp(theirs));
  });

  it('gives the real servers of an SCTP service to that service, and not to the one printed before it', async () => {
    const sctp = (series: Map<string, number>) =>
      [...series.keys()].filter((name) => name.includes('weight{') && name.includes('"3868"'));
    expect(sctp(await askOurs(recordedProcfs('shelf')))).toEqual([
      'node_ipvs_backend_weight{local_address="10.0.0.101",local_mark="",local_port="3868",proto="SCTP",remote_address="10.0.0.11",remote_port="3868"}',
    ]);
    expect(sctp(await askReferee(recordedProcfs('shelf')))).toEqual([expect.not.stringContaining('proto="SCTP"')]);
  });
});
