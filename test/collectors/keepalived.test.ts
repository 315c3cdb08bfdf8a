import { describe, expect, it } from 'vitest';
import { keepalived } from '../../src/collectors/keepalived.ts';
import { render } from '../../src/exposition.ts';
import type { DumpKind, Keepalived } from '../../src/host.ts';
import { readDump } from '../keepalived/fixtures.ts';
import { absent, createHost } from '../machine.ts';

function dump(folder: string, kind: DumpKind, modifiedSeconds: number) {
  return { text: readDump(folder, kind), modifiedSeconds };
}

async function collect(dumps: Keepalived['dumps'], running = true): Promise<string[]> {
  const host = createHost({ keepalived: { running, dumps } });
  const text = await render(await keepalived.collect(host), 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** Those that tell where values come from. */
const isOrigin = (line: string) => /^(keepalived_dump_timestamp_seconds|lvs_exporter_source_info)\{/.test(line);

const states = ['init', 'backup', 'master', 'fault', 'stop', 'deleted'];
const web = 'instance_name="VI_web",interface="eth0",vrid="51",family="ipv4"';
const master = `keepalived_vrrp_state{${web},state="master"}`;
const sent = `keepalived_vrrp_advertisements_sent_total{${web}}`;

describe('keepalived.collect()', () => {
  it('gives what the JSON dump and the data tell', async () => {
    const dumps = {
      json: dump('2.2.7/master', 'json', 1795395936.5),
      data: dump('2.2.7/master', 'data', 1795395936.25),
      stats: dump('2.2.7/master', 'stats', 1795395936),
    };
    const host = createHost({ keepalived: { running: true, version: '2.2.7', dumps } });
    const text = await render(await keepalived.collect(host), 'text');
    await expect(text).toMatchFileSnapshot('../fixtures/keepalived/2.2.7/master/metrics.prom');
  });

  it.each(['2.1.5', '2.2.7/master', '2.2.7/backup', '2.3.4', '2.4.3'])(
    'gives the same without JSON: %s',
    async (folder) => {
      const data = dump(folder, 'data', 1);
      const withJson = await collect({ json: dump(folder, 'json', 2), data });
      const without = await collect({ data, stats: dump(folder, 'stats', 3) });
      expect(without.filter((line) => !isOrigin(line))).toEqual(withJson.filter((line) => !isOrigin(line)));
      expect(withJson.filter(isOrigin)).toEqual([
        'keepalived_dump_timestamp_seconds{dump="json"} 2',
        'keepalived_dump_timestamp_seconds{dump="data"} 1',
        'lvs_exporter_source_info{collector="keepalived",source="json"} 1',
        'lvs_exporter_source_info{collector="keepalived",source="data"} 1',
      ]);
      expect(without.filter(isOrigin)).toEqual([
        'keepalived_dump_timestamp_seconds{dump="data"} 1',
        'keepalived_dump_timestamp_seconds{dump="stats"} 3',
        'lvs_exporter_source_info{collector="keepalived",source="data"} 1',
        'lvs_exporter_source_info{collector="keepalived",source="stats"} 1',
      ]);
    },
  );

  it('leaves out what keepalived 1.3.5 does not tell', async () => {
    const lines = await collect({ data: dump('1.3.5', 'data', 1), stats: dump('1.3.5', 'stats', 1) });
    expect([...new Set(lines.map((line) => line.split(/[ {]/)[0]))]).toEqual([
      'keepalived_up',
      'keepalived_vrrp_state',
      'keepalived_vrrp_priority',
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
    ]);
  });

  it('says only that keepalived runs, or that it does not, where there is no dump', async () => {
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

  it('takes the family from the data: JSON does not tell it of an instance without addresses', async () => {
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
    await expect(collect({ json: { text: '[{}]', modifiedSeconds: 1 } })).rejects.toEqual(
      expect.objectContaining({
        message: 'keepalived.json: Cannot parse line 1: expected vrrp[0].data to be an object, got nothing',
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

  it('declares every metric that it gives', async () => {
    const dumps = { json: dump('2.4.3', 'json', 1), data: dump('2.4.3', 'data', 1) };
    const host = createHost({ keepalived: { running: true, version: '2.4.3', dumps } });
    const given = new Set((await keepalived.collect(host)).map(({ metric }) => metric.name));
    expect([...given].sort()).toEqual(
      [...keepalived.metrics.map(({ name }) => name), 'lvs_exporter_source_info'].sort(),
    );
  });
});
