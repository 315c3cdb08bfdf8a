import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conntrack } from '../src/collectors/conntrack.ts';
import { defaultSettings } from '../src/collectors/index.ts';
import { createIpvs } from '../src/collectors/ipvs/ipvs.ts';
import { createLinuxHost } from '../src/host/linux-host.ts';
import type { Sample } from '../src/scrape/metric.ts';
import { testMigration } from './alerts/migration-test.ts';
import { recordedProcfs } from './fixtures.ts';
import { needs } from './needs.ts';

const notAsked = () => Promise.reject(new Error('not asked'));

let referee: ChildProcess | undefined;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-migration-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
  referee?.kill();
  if (referee?.exitCode === null) await once(referee, 'close');
});

/** What Debian's node_exporter reports about a /proc tree: series and values. */
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

/** What our collectors report about it. */
async function askOurs(procfs: string): Promise<readonly Sample[]> {
  const host = createLinuxHost({ procfs, keepalived: { keepalived: notAsked, requestDumps: notAsked } });
  return [...(await createIpvs(defaultSettings.ipvs).collect(host)), ...(await conntrack.collect(host))];
}

/** node_exporter gives the real servers of an SCTP service to the service that is printed before it. */
function isSctp(series: string): boolean {
  return series.includes('"3868"');
}

/** Series as the rules make them: node_exporter prints firewall marks in hexadecimal, which PromQL cannot. */
function withDecimalMarks(series: Map<string, number>): Map<string, number> {
  const decimal = (_text: string, hex: string) => `local_mark="${Number.parseInt(hex, 16)}"`;
  return new Map([...series].map(([name, value]) => [name.replace(/local_mark="(\w{8})"/, decimal), value]));
}

/** Counters that no longer count on any kernel since 4.18, or only what netlink inserts: we leave them out. */
const meaningless = ['node_nf_conntrack_stat_ignore', 'node_nf_conntrack_stat_insert'];

describe('next to node_exporter', needs('prometheus-node-exporter', 'promtool'), () => {
  it.each(['compute', 'director1', 'shelf'])('has the same values on the /proc of %s', async (node) => {
    const theirs = withDecimalMarks(await askReferee(recordedProcfs(node)));
    for (const name of [...meaningless, ...[...theirs.keys()].filter(isSctp)]) theirs.delete(name);
    expect(theirs.size).toBeGreaterThan(0);
    const ours = (await askOurs(recordedProcfs(node))).filter(({ labels }) => labels.port !== '3868');
    expect(await testMigration(folder, ours, theirs, 'node_.+')).toBe('');
    expect(
      await testMigration(
        folder,
        ours.filter(({ metric }) => metric.name !== 'conntrack_entries'),
        theirs,
        'node_.+',
      ),
    ).not.toBe('');
  });

  it('gives the real servers of an SCTP service to that service, and not to the one printed before it', async () => {
    const weight = 'ipvs_real_server_weight';
    const ours = (await askOurs(recordedProcfs('shelf'))).filter(
      ({ metric, labels }) => metric.name === weight && labels.port === '3868',
    );
    expect(ours.map(({ labels }) => [labels.protocol, labels.address, labels.real_address])).toEqual([
      ['sctp', '10.0.0.101', '10.0.0.11'],
    ]);
    const theirs = [...(await askReferee(recordedProcfs('shelf'))).keys()].filter(isSctp);
    expect(theirs.filter((name) => name.includes('weight{'))).toEqual([expect.not.stringContaining('proto="SCTP"')]);
  });
});
