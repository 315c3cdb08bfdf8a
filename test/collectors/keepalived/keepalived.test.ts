import { describe, expect, it } from 'vitest';
import { keepalived } from '../../../src/collectors/keepalived/keepalived.ts';
import type { Keepalived } from '../../../src/host/host.ts';
import { render } from '../../../src/http/exposition.ts';
import { readDump } from '../../keepalived/fixtures.ts';
import { absent, createHost } from '../../machine.ts';
import { addresses, announcements, collectFrom, dump, master, web } from './collected.ts';

function collect(dumps: Keepalived['dumps'], running = true): Promise<string[]> {
  return collectFrom({ keepalived: [{ daemon: '', running, dumps }] });
}

/** Those that name the source of values. */
const isOrigin = (line: string) =>
  /^(keepalived_dump_(timestamp_seconds|skipped_lines)|lvs_exporter_source_info)\{/.test(line);

/** As the data of keepalived before 2.1 have the last transition. */
const inWholeSeconds = (line: string) => line.replace(/^(keepalived_vrrp_last_transition_.* \d+)\.\d+$/, '$1');

const states = ['init', 'backup', 'master', 'fault', 'stop', 'deleted'];
const sent = `keepalived_vrrp_advertisements_sent_total{${web}}`;

describe('keepalived.collect()', () => {
  it('exports what the JSON dump and the data contain', async () => {
    const dumps = {
      json: dump('2.2.7/master', 'json', 1795395936.5),
      data: dump('2.2.7/master', 'data', 1795395936.25),
      stats: dump('2.2.7/master', 'stats', 1795395936),
    };
    const host = createHost({ keepalived: [{ daemon: '', running: true, version: '2.2.7', dumps }], addresses });
    const text = await render(await keepalived.collect(host), 'text');
    await expect(text).toMatchFileSnapshot('../../fixtures/keepalived/2.2.7/master/metrics.prom');
  });

  it.each(['2.0.10', '2.1.5', '2.2.7/master', '2.2.7/backup', '2.3.4', '2.4.3'])(
    'gives the same without JSON: %s',
    async (folder) => {
      const data = dump(folder, 'data', 1);
      const collectWith = (dumps: Keepalived['dumps']) =>
        collectFrom({ keepalived: [{ daemon: '', running: true, dumps }], addresses });
      const withJson = await collectWith({ json: dump(folder, 'json', 2), data });
      const without = await collectWith({ data, stats: dump(folder, 'stats', 3) });
      const valuesOf = (lines: readonly string[]) =>
        lines.filter((line) => !isOrigin(line)).map(folder === '2.0.10' ? inWholeSeconds : String);
      expect(valuesOf(without)).toEqual(valuesOf(withJson));
      expect(withJson.filter(isOrigin)).toEqual([
        'keepalived_dump_timestamp_seconds{dump="json"} 2',
        'keepalived_dump_timestamp_seconds{dump="data"} 1',
        'keepalived_dump_skipped_lines{dump="data"} 0',
        'keepalived_dump_skipped_lines{dump="json"} 0',
        'lvs_exporter_source_info{collector="keepalived",source="json"} 1',
        'lvs_exporter_source_info{collector="keepalived",source="data"} 1',
        'lvs_exporter_source_info{collector="keepalived",source="netlink"} 1',
      ]);
      expect(without.filter(isOrigin)).toEqual([
        'keepalived_dump_timestamp_seconds{dump="data"} 1',
        'keepalived_dump_timestamp_seconds{dump="stats"} 3',
        'keepalived_dump_skipped_lines{dump="data"} 0',
        'keepalived_dump_skipped_lines{dump="stats"} 0',
        'lvs_exporter_source_info{collector="keepalived",source="data"} 1',
        'lvs_exporter_source_info{collector="keepalived",source="stats"} 1',
        'lvs_exporter_source_info{collector="keepalived",source="netlink"} 1',
      ]);
    },
  );

  it('leaves out what keepalived 1.3.5 does not write', async () => {
    const lines = await collect({ data: dump('1.3.5', 'data', 1), stats: dump('1.3.5', 'stats', 1) });
    expect([...new Set(lines.map((line) => line.split(/[ {]/)[0]))]).toEqual([
      'keepalived_up',
      'keepalived_vrrp_state',
      'keepalived_vrrp_priority',
      'keepalived_vrrp_info',
      'keepalived_vrrp_advertisement_interval_seconds',
      'keepalived_vrrp_unicast_peers',
      'keepalived_vrrp_last_transition_timestamp_seconds',
      'keepalived_vrrp_became_master_total',
      'keepalived_vrrp_released_master_total',
      'keepalived_vrrp_advertisements_received_total',
      'keepalived_vrrp_advertisements_sent_total',
      'keepalived_vrrp_priority_zero_received_total',
      'keepalived_vrrp_priority_zero_sent_total',
      'keepalived_vrrp_errors_total',
      'keepalived_script_up',
      'keepalived_sync_group_state',
      'keepalived_dump_timestamp_seconds',
      'keepalived_dump_skipped_lines',
      'lvs_exporter_source_info',
    ]);
    expect(lines.filter((line) => line.includes('kind="effective"'))).toEqual([]);
  });

  it('gives the last instances of a keepalived that does not run in no state, and nothing else of them', async () => {
    const identities = [
      web,
      'instance_name="VI_web6",interface="eth0",vrid="51",family="ipv6"',
      'instance_name="VI_db",interface="vrrp.52",vrid="52",family="ipv4"',
      'instance_name="VI_mail",interface="eth0",vrid="53",family="ipv4"',
    ];
    expect(
      await collect({ json: dump('2.2.7/master', 'json', 7), data: dump('2.2.7/master', 'data', 6) }, false),
    ).toEqual([
      'keepalived_up 0',
      ...identities.flatMap((labels) => states.map((state) => `keepalived_vrrp_state{${labels},state="${state}"} 0`)),
      'keepalived_dump_timestamp_seconds{dump="json"} 7',
      'keepalived_dump_timestamp_seconds{dump="data"} 6',
    ]);
  });

  it('reports only that keepalived runs, or that it does not, where there is no dump', async () => {
    expect(await collect({})).toEqual(['keepalived_up 1']);
    expect(await collect({}, false)).toEqual(['keepalived_up 0']);
  });

  it('takes the newer dump: the data for the state, JSON for the counters', async () => {
    const lines = await collect({
      json: dump('2.2.7/master', 'json', 2),
      data: dump('2.2.7/backup', 'data', 3),
      stats: dump('2.2.7/backup', 'stats', 1),
    });
    expect(lines).toContain(`${master} 0`);
    expect(lines).toContain(`${sent} 4`);
    expect(lines.filter(isOrigin)).toEqual([
      'keepalived_dump_timestamp_seconds{dump="data"} 3',
      'keepalived_dump_timestamp_seconds{dump="json"} 2',
      'keepalived_dump_skipped_lines{dump="data"} 0',
      'keepalived_dump_skipped_lines{dump="json"} 0',
      'lvs_exporter_source_info{collector="keepalived",source="data"} 1',
      'lvs_exporter_source_info{collector="keepalived",source="json"} 1',
    ]);
  });

  it('takes the newer dump: JSON for the state, the statistics for the counters', async () => {
    const lines = await collect({ json: dump('2.2.7/master', 'json', 2), stats: dump('2.2.7/backup', 'stats', 3) });
    expect(lines).toContain(`${master} 1`);
    expect(lines).toContain(`${sent} 0`);
  });

  it('takes JSON of dumps that are equally old', async () => {
    const lines = await collect({
      json: dump('2.2.7/master', 'json', 2),
      data: dump('2.2.7/backup', 'data', 2),
      stats: dump('2.2.7/backup', 'stats', 2),
    });
    expect(lines).toContain(`${master} 1`);
    expect(lines).toContain(`${sent} 4`);
  });

  it('leaves out the counters of an instance that the statistics do not have', async () => {
    const [first = ''] = readDump('2.2.7/master', 'stats').split(/(?=VRRP Instance: VI_web6)/);
    const stats = { text: first, modifiedSeconds: 1 };
    const lines = await collect({ data: dump('2.2.7/master', 'data', 1), stats });
    expect(lines.filter((line) => line.startsWith('keepalived_vrrp_became_master_total'))).toEqual([
      `keepalived_vrrp_became_master_total{${web}} 1`,
    ]);
  });

  it('takes the family from the data: JSON does not have it for an instance without addresses', async () => {
    const json = JSON.parse(readDump('2.2.7/master', 'json'));
    delete json[1].data.vips;
    const dumps = { json: { text: JSON.stringify(json), modifiedSeconds: 2 } };
    const count = (lines: readonly string[]) => lines.filter((line) => line.includes('family="ipv6"')).length;
    expect(count(await collect(dumps))).toBe(0);
    expect(count(await collect({ ...dumps, data: dump('2.2.7/master', 'data', 1) }))).toBeGreaterThan(0);
  });

  it('leaves out a transition that never was, and the result of a script that did not end yet', async () => {
    const text = readDump('2.2.7/master', 'data')
      .replace(/Last transition = \S+/, 'Last transition = 0.000000')
      .replace('Init state = unknown', 'Init state = INIT');
    const lines = await collect({ data: { text, modifiedSeconds: 1 } });
    expect(
      lines.filter((line) => line.startsWith('keepalived_vrrp_last_transition')).map((line) => line.split('"')[1]),
    ).toEqual(['VI_web6', 'VI_db', 'VI_mail']);
    expect(lines.filter((line) => line.startsWith('keepalived_script_up'))).toEqual([
      'keepalived_script_up{script="chk_weight"} 0',
      'keepalived_script_up{script="chk_fault"} 0',
    ]);
  });

  it('names the dump that is malformed', async () => {
    await expect(collect({ json: { text: '{}', modifiedSeconds: 1 } })).rejects.toEqual(
      expect.objectContaining({
        message: 'keepalived.json: Cannot parse line 1: expected vrrp to be an array, got nothing',
      }),
    );
  });

  it('fails as absent where there is no keepalived', async () => {
    await expect(
      keepalived.collect({ ...createHost({}), keepalived: async () => absent('keepalived') }),
    ).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('exports what instances track', async () => {
    const isTracker = (line: string) => /^keepalived_(track|bfd|sync)/.test(line) && !line.includes(' 0');
    const lines = await collect({ data: dump('tracking/2.4.3', 'data', 1) });
    expect(lines.filter((line) => /^keepalived_(track|bfd)/.test(line))).toEqual([
      'keepalived_track_file_status{file="load"} 5',
      'keepalived_bfd_up{bfd="neighbour"} 1',
      'keepalived_bfd_up{bfd="nobody"} 0',
      'keepalived_track_process_up{process="balancer"} 0',
      'keepalived_track_process_up{process="proxy"} 0',
      'keepalived_track_process_processes{process="balancer"} 0',
      'keepalived_track_process_processes{process="proxy"} 0',
    ]);
    const fromJson = await collect({ json: dump('tracking/2.4.3', 'json', 1) });
    expect(fromJson.filter((line) => line.startsWith('keepalived_track'))).toEqual(
      lines.filter((line) => line.startsWith('keepalived_track_process')),
    );
    expect(lines.filter(isTracker)).toContain('keepalived_sync_group_state{group="VG_db",state="master"} 1');
  });

  it('distinguishes several keepaliveds, and names the source of values once', async () => {
    const [one, other] = ['/etc/keepalived/a.conf', '/etc/keepalived/b.conf'];
    const lines = await collectFrom({
      keepalived: [
        { daemon: one, running: true, dumps: { json: dump('2.2.7/master', 'json', 1) } },
        { daemon: other, running: true, dumps: { json: dump('2.2.7/backup', 'json', 2) } },
      ],
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        `keepalived_up{daemon="${one}"} 1`,
        `keepalived_up{daemon="${other}"} 1`,
        `keepalived_vrrp_state{${web},state="master",daemon="${one}"} 1`,
        `keepalived_vrrp_state{${web},state="master",daemon="${other}"} 0`,
        `keepalived_dump_timestamp_seconds{dump="json",daemon="${other}"} 2`,
      ]),
    );
    expect(lines.filter((line) => line.startsWith('lvs_exporter_source_info'))).toEqual([
      'lvs_exporter_source_info{collector="keepalived",source="json"} 1',
    ]);
  });

  it('declares every metric that it gives', async () => {
    const dumps = { json: dump('tracking/2.4.3', 'json', 1), data: dump('tracking/2.4.3', 'data', 1) };
    const addresses = [{ interface: 'lo', address: '10.9.0.100' }];
    const unicast = { data: dump('kitchen-sink/2.3.4', 'data', 1) };
    const host = createHost({
      neighbours: [{ interface: 'ETH5', address: '203.0.113.2', answered: false }],
      keepalived: [
        {
          daemon: '',
          running: true,
          version: '2.4.3',
          processes: [{ process: 'vrrp', startSeconds: 1, restarts: 0 }],
          dumps,
        },
        { daemon: 'other', running: true, dumps: unicast },
      ],
      addresses,
      announcements,
    });
    const given = new Set((await keepalived.collect(host)).map(({ metric }) => metric.name));
    expect([...given].sort()).toEqual(
      [...keepalived.metrics.map(({ name }) => name), 'lvs_exporter_source_info', 'lvs_exporter_series_limited'].sort(),
    );
  });
});
