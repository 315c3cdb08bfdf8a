import { describe, expect, it } from 'vitest';
import { keepalived } from '../../../src/collectors/keepalived/keepalived.ts';
import type { AnnouncedSubject, Announcements, DumpKind, Keepalived } from '../../../src/host/host.ts';
import { render } from '../../../src/http/exposition.ts';
import type { VrrpState } from '../../../src/parsers/keepalived/vrrp/vrrp-instance.ts';
import { readDump } from '../../keepalived/fixtures.ts';
import { absent, createHost, type Machine, systemError } from '../../machine.ts';

function dump(folder: string, kind: DumpKind, modifiedSeconds: number) {
  return { text: readDump(folder, kind), modifiedSeconds };
}

function collect(dumps: Keepalived['dumps'], running = true): Promise<string[]> {
  return collectFrom({ keepalived: [{ daemon: '', running, dumps }] });
}

async function collectFrom(machine: Machine): Promise<string[]> {
  const text = await render(await keepalived.collect(createHost(machine)), 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && line !== nothingHeldBack);
}

const nothingHeldBack = 'lvs_exporter_series_limited{collector="keepalived"} 0';

/** Where the kernel has the addresses of the first director: one is missing, one is on lo as well, one elsewhere. */
const addresses = [
  { interface: 'eth0', address: '10.9.0.100' },
  { interface: 'lo', address: '10.9.0.100' },
  { interface: 'eth0', address: '10.9.0.102' },
  { interface: 'eth0', address: 'fe80::9:100' },
  { interface: 'eth0', address: 'fd00:9::100' },
  { interface: 'eth0', address: '10.9.0.120' },
];

const announced = (name: string, state: VrrpState, seconds: number, more: Partial<AnnouncedSubject> = {}) => ({
  type: 'instance' as const,
  name,
  counts: { [state]: 1 },
  state,
  priority: 77,
  seconds,
  transitionSeconds: seconds,
  ...more,
});
const announcements: Announcements = {
  listening: true,
  malformedLines: 3,
  subjects: [
    announced('VI_web', 'backup', 1795396000),
    announced('VG_web', 'backup', 1795396000, { type: 'group', priority: 0 }),
  ],
};

/** Those that name the source of values. */
const isOrigin = (line: string) =>
  /^(keepalived_dump_(timestamp_seconds|skipped_lines)|lvs_exporter_source_info)\{/.test(line);

/** As the data of keepalived before 2.1 have the last transition. */
const inWholeSeconds = (line: string) => line.replace(/^(keepalived_vrrp_last_transition_.* \d+)\.\d+$/, '$1');

const states = ['init', 'backup', 'master', 'fault', 'stop', 'deleted'];
const web = 'instance_name="VI_web",interface="eth0",vrid="51",family="ipv4"';
const master = `keepalived_vrrp_state{${web},state="master"}`;
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

  it('reports about every address whether the kernel has it where it belongs, and where else it is', async () => {
    const dumps = { json: dump('2.2.7/master', 'json', 1) };
    const lines = await collectFrom({ keepalived: [{ daemon: '', running: true, dumps }], addresses });
    const web6 = 'instance_name="VI_web6",interface="eth0",vrid="51",family="ipv6"';
    const db = 'instance_name="VI_db",interface="vrrp.52",vrid="52",family="ipv4"';
    const mail = 'instance_name="VI_mail",interface="eth0",vrid="53",family="ipv4"';
    expect(lines.filter((line) => line.startsWith('keepalived_vrrp_address'))).toEqual([
      `keepalived_vrrp_address_bound{${web},address="10.9.0.100"} 1`,
      `keepalived_vrrp_address_bound{${web},address="10.9.0.101"} 0`,
      `keepalived_vrrp_address_bound{${web},address="10.9.0.102"} 1`,
      `keepalived_vrrp_address_bound{${web6},address="fe80::9:100"} 1`,
      `keepalived_vrrp_address_bound{${web6},address="fd00:9::100"} 1`,
      `keepalived_vrrp_address_bound{${db},address="10.9.0.120"} 0`,
      `keepalived_vrrp_address_bound{${mail},address="10.9.0.130"} 0`,
      `keepalived_vrrp_address_elsewhere_info{${web},address="10.9.0.100",device="lo"} 1`,
      `keepalived_vrrp_address_elsewhere_info{${db},address="10.9.0.120",device="eth0"} 1`,
    ]);
    expect(lines).toContain('lvs_exporter_source_info{collector="keepalived",source="netlink"} 1');
  });

  it('reports where the addresses of a keepalived are that does not run: it may have left them', async () => {
    const dumps = { json: dump('2.2.7/master', 'json', 1) };
    const lines = await collectFrom({ keepalived: [{ daemon: '', running: false, dumps }], addresses });
    expect(lines).toContain(`keepalived_vrrp_address_bound{${web},address="10.9.0.100"} 1`);
  });

  it("takes the instance's interface where the dump names none for an address", async () => {
    const dumps = { json: dump('2.0.10', 'json', 1) };
    const lines = await collectFrom({ keepalived: [{ daemon: '', running: true, dumps }], addresses });
    expect(lines).toContain(`keepalived_vrrp_address_bound{${web},address="10.9.0.100"} 1`);
  });

  it('takes from the data where an address is set, if JSON does not have it: keepalived before 2.0.11', async () => {
    const data = readDump('2.0.10', 'data').replace('10.9.0.101/32 dev eth0', '10.9.0.101/32 dev lo');
    const dumps = { json: dump('2.0.10', 'json', 2), data: { text: data, modifiedSeconds: 1 } };
    const present = [...addresses, { interface: 'lo', address: '10.9.0.101' }];
    const lines = await collectFrom({ keepalived: [{ daemon: '', running: true, dumps }], addresses: present });
    expect(lines.filter((line) => /^keepalived_vrrp_address.*10\.9\.0\.101"/.test(line))).toEqual([
      `keepalived_vrrp_address_bound{${web},address="10.9.0.101"} 1`,
    ]);
  });

  it('has an address of which there are two bound where the kernel has it on both interfaces', async () => {
    const json = JSON.parse(readDump('2.2.7/master', 'json'));
    json[0].data.vips = ['10.9.0.100/24 dev eth0', '10.9.0.100/32 dev lo'];
    const dumps = { json: { text: JSON.stringify(json.slice(0, 1)), modifiedSeconds: 1 } };
    const at = async (present: Machine['addresses']) =>
      (await collectFrom({ keepalived: [{ daemon: '', running: true, dumps }], addresses: present ?? [] })).filter(
        (line) => /^keepalived_vrrp_address.*10\.9\.0\.100"/.test(line),
      );
    const bound = `keepalived_vrrp_address_bound{${web},address="10.9.0.100"}`;
    expect(await at(addresses)).toEqual([`${bound} 1`]);
    expect(await at(addresses.slice(1))).toEqual([`${bound} 0`]);
  });

  it.each(['EPERM', 'EAFNOSUPPORT', 'ENOSYS'])('leaves the addresses out where netlink fails with %s', async (code) => {
    const dumps = { json: dump('2.2.7/master', 'json', 1) };
    const failing = { keepalived: [{ daemon: '', running: true, dumps }], addresses: systemError(code, 'no') };
    expect((await collectFrom(failing)).filter((line) => /^keepalived_vrrp_address|netlink/.test(line))).toEqual([]);
  });

  it('fails where netlink fails otherwise', async () => {
    const failing = createHost({ keepalived: [], addresses: systemError('ENOBUFS', 'no') });
    await expect(keepalived.collect(failing)).rejects.toMatchObject({ code: 'ENOBUFS' });
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

  const recorded = { json: dump('2.2.7/master', 'json', 1795395936), data: dump('2.2.7/master', 'data', 1795395936) };
  const backup = `keepalived_vrrp_state{${web},state="backup"}`;
  const transition = `keepalived_vrrp_last_transition_timestamp_seconds{${web}}`;
  const groupBackup = 'keepalived_sync_group_state{group="VG_web",state="backup"}';

  it('has the state that was announced after the dump was written', async () => {
    const lines = await collectFrom({ keepalived: [{ daemon: '', running: true, dumps: recorded }], announcements });
    expect(lines).toEqual(
      expect.arrayContaining([
        `${master} 0`,
        `${backup} 1`,
        `keepalived_vrrp_priority{${web},kind="base"} 150`,
        `keepalived_vrrp_priority{${web},kind="effective"} 77`,
        `${transition} 1795396000`,
        `${groupBackup} 1`,
      ]),
    );
  });

  it('has the state of the dump where it was written after the last announcement', async () => {
    const later = { ...announcements, subjects: [announced('VI_web', 'backup', 1795395936)] };
    const machine = { keepalived: [{ daemon: '', running: true, dumps: recorded }], announcements: later };
    expect(await collectFrom(machine)).toEqual(
      expect.arrayContaining([`${master} 1`, `${transition} 1795395935.318359`, `${groupBackup} 0`]),
    );
  });

  it('reports a short change of state that the dumps do not have', async () => {
    const blip = announced('VI_web', 'master', 1795396005, { counts: { backup: 1, master: 1 } });
    const machine = {
      keepalived: [{ daemon: '', running: true, dumps: recorded }],
      announcements: { ...announcements, subjects: [blip] },
    };
    expect(await collectFrom(machine)).toEqual(
      expect.arrayContaining([
        `${master} 1`,
        `${transition} 1795396005`,
        'keepalived_vrrp_notifications_total{instance_name="VI_web",event="backup"} 1',
        'keepalived_vrrp_notifications_total{instance_name="VI_web",event="master"} 1',
        'keepalived_vrrp_notifications_total{instance_name="VI_web",event="fault"} 0',
        'keepalived_vrrp_notifications_total{instance_name="VI_db",event="master"} 0',
      ]),
    );
  });

  it('leaves the time of the last transition alone when a reload announces the state that the dump has', async () => {
    const again = { ...announcements, subjects: [announced('VI_web', 'master', 1795396005)] };
    const machine = { keepalived: [{ daemon: '', running: true, dumps: recorded }], announcements: again };
    expect(await collectFrom(machine)).toEqual(
      expect.arrayContaining([
        `${master} 1`,
        `keepalived_vrrp_wanted_state{${web},state="master"} 1`,
        `${transition} 1795395935.318359`,
        `keepalived_vrrp_priority{${web},kind="effective"} 77`,
      ]),
    );
  });

  it('does not export the wanted state until the next dump when another state was announced', async () => {
    const lines = await collectFrom({ keepalived: [{ daemon: '', running: true, dumps: recorded }], announcements });
    const wanted = lines.filter((line) => line.startsWith('keepalived_vrrp_wanted_state'));
    expect(wanted.some((line) => line.includes('VI_db'))).toBe(true);
    expect(wanted.some((line) => line.includes('VI_web"'))).toBe(false);
  });

  describe('where several keepaliveds may have made an announcement', () => {
    const states = async (...others: readonly Partial<Keepalived>[]) => {
      const keepaliveds = [{}, ...others].map((one, index) => ({
        daemon: String(index),
        ...{ running: true, dumps: recorded },
        ...one,
      }));
      return (await collectFrom({ keepalived: keepaliveds, announcements })).filter(
        (line) => line.startsWith(master.slice(0, -1)) || line.startsWith(groupBackup.slice(0, -1)),
      );
    };
    const masterOf = (daemon: number, value: number) => `${master.slice(0, -1)},daemon="${daemon}"} ${value}`;
    const groupOf = (daemon: number, value: number) => `${groupBackup.slice(0, -1)},daemon="${daemon}"} ${value}`;
    const rename = (kind: 'json' | 'data') => ({
      ...recorded[kind],
      text: readDump('2.2.7/master', kind).replaceAll('VI_', 'VX_').replaceAll('VG_', 'VY_'),
    });

    it('assigns it to the only one that has the name', async () => {
      expect(await states({ dumps: { json: rename('json'), data: rename('data') } })).toEqual([
        masterOf(0, 0),
        groupOf(0, 1),
      ]);
    });

    it.each([
      ['runs', {}],
      ['ended', { running: false }],
    ])('assigns it to none where another one that has the name %s', async (_, other) => {
      expect(await states(other)).toEqual(expect.arrayContaining([masterOf(0, 1), groupOf(0, 0)]));
    });

    it('assigns it to none where another one has not written its names', async () => {
      expect(await states({ dumps: {} })).toEqual([masterOf(0, 1), groupOf(0, 0)]);
    });
  });

  it('has an instance in no state when keepalived does not run, whatever was announced', async () => {
    const lines = await collectFrom({ keepalived: [{ daemon: '', running: false, dumps: recorded }], announcements });
    expect(lines.filter((line) => line.startsWith('keepalived_vrrp_state') && !line.endsWith(' 0'))).toEqual([]);
  });

  it('counts announcements of instances and groups that are not in the dumps', async () => {
    const subjects = [announced('gone', 'deleted', 1), announced('away', 'stop', 1, { type: 'group' })];
    const machine = {
      keepalived: [{ daemon: '', running: true, dumps: {} }],
      announcements: { ...announcements, listening: false, subjects },
    };
    expect((await collectFrom(machine)).filter((line) => !line.endsWith(' 0'))).toEqual([
      'keepalived_up 1',
      'keepalived_notify_fifo_malformed_lines_total 3',
      'keepalived_vrrp_notifications_total{instance_name="gone",event="deleted"} 1',
      'keepalived_sync_group_notifications_total{group="away",event="stop"} 1',
    ]);
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
      files: { '/proc/net/arp': 'IP address HW type Flags HW address Mask Device\n203.0.113.2 0x1 0x0 0 * eth5\n' },
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
