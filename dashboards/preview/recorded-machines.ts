import { readFileSync } from 'node:fs';
import type { TimeRange } from '../../scripts/history-prometheus.ts';
import { renderLine, targetOf } from '../../scripts/replayed-history.ts';
import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import { createLog } from '../../src/log/log.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { createRunner } from '../../src/scrape/scrape.ts';
import { readCheckFixture } from '../../test/keepalived/check-fixtures.ts';
import { readDump } from '../../test/keepalived/fixtures.ts';
import { createHost, type Machine } from '../../test/machine.ts';
import { recordedText } from '../../test/netlink/ip-vs-messages.ts';
import { computeNodes, domainFiles } from '../../test/openstack/compute-node.ts';

/** Not that of the lab, which these machines do not have. */
const cluster = 'fixtures';

const { rawTables } = computeNodes.hybrid;
const counters = new URL('../../test/fixtures/lab/director1/000000.0/proc/net/ip_vs_stats', import.meta.url);

/** Recordings of test/fixtures beside those of the lab: what the lab does not have. */
function describeMachines(nowSeconds: number): Record<string, Machine> {
  const dump = (text: string) => ({ text, modifiedSeconds: nowSeconds });
  const announced = (type: 'instance' | 'group', name: string) =>
    ({
      type,
      name,
      counts: { master: 1 },
      state: 'master',
      priority: 150,
      seconds: nowSeconds,
      transitionSeconds: nowSeconds,
    }) as const;
  const vrrp = (folder: string) => ({
    json: dump(readDump(folder, 'json')),
    data: dump(readDump(folder, 'data')),
    stats: dump(readDump(folder, 'stats')),
  });
  return {
    /** With two keepaliveds: one of a pair that checks real servers, one that tracks scripts, processes, files, BFD. */
    director3: {
      keepalived: [
        {
          daemon: 'web',
          running: true,
          version: '2.2.7',
          dumps: { ...vrrp('2.2.7/master'), check: dump(readCheckFixture('2.4.3', 'keepalived_check.data')) },
        },
        {
          daemon: 'tracking',
          running: true,
          version: '2.4.3',
          dumps: { json: dump(readDump('tracking/2.4.3', 'json')), data: dump(readDump('tracking/2.4.3', 'data')) },
        },
      ],
      addresses: [
        ...['10.9.0.100', '10.9.0.101', '10.9.0.102', '10.9.0.120', 'fe80::9:100', 'fd00:9::100'].map((address) => ({
          interface: 'eth0',
          address,
        })),
        { interface: 'lo', address: '10.9.0.100' },
      ],
      announcements: {
        listening: true,
        malformedLines: 0,
        subjects: [announced('instance', 'VI_web'), announced('group', 'VG_web')],
      },
      files: {
        // Not what this keepalived made of it.
        '/proc/net/ip_vs': readCheckFixture('2.4.3-down', 'ip_vs'),
        '/proc/net/ip_vs_stats': readFileSync(counters, 'utf8'),
        '/proc/net/ip_vs_conn_sync': recordedText('ip_vs_conn_sync'),
      },
    },
    /** The other of the pair. */
    director4: {
      keepalived: [{ daemon: '', running: true, version: '2.2.7', dumps: vrrp('2.2.7/backup') }],
      addresses: [{ interface: 'vrrp.52', address: '10.9.0.120' }],
    },
    /** Of OpenStack: one as it should be, and two that miss the zone of a port, and the machines of both. */
    compute2: computeNodes.hybrid,
    compute3: { files: domainFiles, rawTables: rawTables.replaceAll(/^.*1a2b3c4d-5e.*\n/gm, '') },
    compute4: { files: { '/run/libvirt/qemu/broken.xml': '<domain>' }, rawTables },
  };
}

/** As lines of OpenMetrics, the same at every scrape. */
export async function renderRecordedMachines({ startSeconds, endSeconds, stepSeconds }: TimeRange): Promise<string> {
  const lines: string[] = [];
  for (const [name, machine] of Object.entries(describeMachines(startSeconds))) {
    for (const { metric, labels, value } of await collectAll(machine, startSeconds)) {
      for (let scrape = 0; startSeconds + scrape * stepSeconds <= endSeconds; scrape++) {
        lines.push(
          renderLine(
            metric.name,
            { ...labels, ...targetOf(name), cluster },
            value,
            startSeconds + scrape * stepSeconds,
          ),
        );
      }
    }
  }
  return lines.join('\n');
}

async function collectAll(machine: Machine, nowSeconds: number): Promise<readonly Sample[]> {
  const now = () => nowSeconds * 1000;
  const log = createLog({ level: 'error', format: 'logfmt', write: (line) => process.stderr.write(line) });
  const ipvs = { ...defaultSettings.ipvs, upstreamConntrackLimit: 65_536 };
  const collectors = createCollectors({ ...defaultSettings, ipvs });
  const runner = createRunner({ collectors, host: createHost({ ...machine, now: now() }), log, now });
  for (const collector of runner.collectors) if (collector.schedule !== undefined) await runner.run(collector);
  return await runner.collect(10_000);
}
