import { describe, expect, it } from 'vitest';
import type { Keepalived } from '../../../src/host/host.ts';
import { readDump } from '../../keepalived/fixtures.ts';
import { announced, announcements, collectFrom, dump, master, web } from './collected.ts';

describe('keepalived.collect() of announcements in the notify FIFO', () => {
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
});
