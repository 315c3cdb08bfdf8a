import { describe, expect, it } from 'vitest';
import { createKeepalivedCheckers } from '../../../src/collectors/keepalived-checkers/keepalived-checkers.ts';
import type { Keepalived } from '../../../src/host/host.ts';
import { render } from '../../../src/http/exposition.ts';
import { readCheckFixture } from '../../keepalived/check-fixtures.ts';
import { absent, createHost } from '../../machine.ts';

const collector = createKeepalivedCheckers({ maxSeries: 20_000, aggregate: false });
const recorded = readCheckFixture('2.4.3', 'keepalived_check.data');

function keepalivedWith(text: string, others: Partial<Keepalived> = {}): Keepalived {
  return { daemon: '', running: true, dumps: { check: { text, modifiedSeconds: 7 } }, ...others };
}

async function collect(keepalived: readonly Keepalived[], one = collector): Promise<string[]> {
  const text = await render(await one.collect(createHost({ keepalived })), 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const namesOf = (lines: readonly string[]) => [...new Set(lines.map((line) => line.split(/[ {]/)[0]))];

describe('keepalived-checkers.collect()', () => {
  it('exports what the dump contains', async () => {
    const host = createHost({ keepalived: [keepalivedWith(recorded)] });
    const text = await render(await collector.collect(host), 'text');
    await expect(text).toMatchFileSnapshot('../../fixtures/keepalived_check/2.4.3/metrics.prom');
  });

  it.each(['2.2.7', '2.3.4'])('gives the same of keepalived %s', async (folder) => {
    const text = readCheckFixture(folder, 'keepalived_check.data');
    expect(await collect([keepalivedWith(text)])).toEqual(await collect([keepalivedWith(recorded)]));
  });

  it('has the labels of the ipvs collector, but for the forwarding that the kernel decides on', async () => {
    const lines = await collect([keepalivedWith(recorded)]);
    const vip = 'protocol="tcp",address="10.9.0.110",port="80",fwmark=""';
    const mark = 'protocol="",address="",port="",fwmark="7",family="ipv4"';
    expect(lines).toContain(`keepalived_virtual_server_quorum_up{${vip}} 1`);
    expect(lines).toContain(
      `keepalived_real_server_up{${vip},real_address="10.9.0.12",real_port="80",forward="direct"} 0`,
    );
    expect(lines).toContain(
      `keepalived_real_server_up{${mark},real_address="10.9.0.11",real_port="0",forward="tunnel"} 1`,
    );
  });

  it('names the port that the kernel has: that of the service unless masqueraded', async () => {
    const other = recorded.replaceAll('RPORT = 80,', 'RPORT = 8080,').replaceAll(/(-> \[.*\]:tcp):80$/gm, '$1:8080');
    const lines = (await collect([keepalivedWith(other)])).filter((line) =>
      line.startsWith('keepalived_real_server_up'),
    );
    expect(lines.filter((line) => line.includes('8080'))).toEqual([]);
    expect(
      lines.filter((line) => line.includes('forward="masquerade"')).map((line) => /real_port="(\d+)"/.exec(line)?.[1]),
    ).toEqual(['5353', '53']);
  });

  it('adds up virtual servers that share a group, which is one service of the kernel', async () => {
    const lines = await collect([keepalivedWith(readCheckFixture('2.4.3-shared', 'keepalived_check.data'))]);
    const shared = 'protocol="tcp",address="10.9.0.100",port="80",fwmark=""';
    const own = lines.filter((line) => line.includes(shared)).map((line) => line.replace(`${shared},`, ''));
    const ofKind = (name: string) => own.filter((line) => line.startsWith(`keepalived_${name}`));
    expect(ofKind('real_server_up').map((line) => /real_address="(.*?)".* (\d)$/.exec(line)?.slice(1))).toEqual([
      ['10.9.0.11', '1'],
      ['10.9.0.12', '0'],
      ['10.9.0.13', '0'],
    ]);
    expect(ofKind('sorry_server')).toEqual([
      'keepalived_sorry_server_in_use{real_address="10.9.0.19",real_port="80",forward="direct"} 1',
    ]);
    expect(ofKind('virtual_server').map((line) => line.replace(`{${shared}}`, ''))).toEqual([
      'keepalived_virtual_server_quorum_up 1',
      'keepalived_virtual_server_quorum_weight 1',
      'keepalived_virtual_server_quorum_hysteresis 0',
      'keepalived_virtual_server_weight 2',
      'keepalived_virtual_server_real_servers 3',
      'keepalived_virtual_server_real_servers_up 1',
    ]);
  });

  it('exports once what the kernel cannot distinguish', async () => {
    const [topology = ''] = recorded.split('------< Health checkers');
    const [head = '', first = ''] = topology.split(/(?= ------< Virtual server >------\n)/);
    const [server = '', ...realServers] = first.split(/(?= {3}------< Real server >------\n)/);
    const once = await collect([keepalivedWith(head + first)]);
    expect(await collect([keepalivedWith(head + first + first)])).toEqual(once);
    const twice = await collect([keepalivedWith([head, server, ...realServers, ...realServers].join(''))]);
    const isOfRealServer = (line: string) => line.startsWith('keepalived_real_server_');
    expect(twice.filter(isOfRealServer)).toEqual(once.filter(isOfRealServer));
  });

  describe('where real servers have many series', () => {
    const limited = 'lvs_exporter_series_limited{collector="keepalived-checkers"}';
    const isOfRealServer = (line: string) => line.startsWith('keepalived_real_server_');
    const collectWith = (maxSeries: number, aggregate = false) =>
      collect([keepalivedWith(recorded)], createKeepalivedCheckers({ maxSeries, aggregate }));

    async function read() {
      const all = await collect([keepalivedWith(recorded)]);
      const nameOf = (line: string) => /\{.* ?forward="\w+"/.exec(line)?.[0] ?? '';
      const down = all.filter((line) => /^keepalived_real_server_up\{.*\} 0$/.test(line)).map(nameOf);
      const without = (isLeftOut: (line: string) => boolean, heldBack = 0) =>
        all
          .filter((line) => !isOfRealServer(line) || !isLeftOut(line))
          .map((line) => line.replace(`${limited} 0`, `${limited} ${heldBack}`));
      const count = all.filter(isOfRealServer).length;
      const countDown = all.filter((line) => isOfRealServer(line) && down.includes(nameOf(line))).length;
      return { all, count, countDown, without, isUp: (line: string) => !down.includes(nameOf(line)) };
    }

    it('exports only those that are down, and how many series are missing', async () => {
      const { all, count, countDown, without, isUp } = await read();
      expect(all).toContain(`${limited} 0`);
      expect(await collectWith(count)).toEqual(all);
      expect(await collectWith(count - 1)).toEqual(without(isUp, count - countDown));
      expect(await collectWith(countDown)).toEqual(without(isUp, count - countDown));
    });

    it('exports as many of those as the limit allows', async () => {
      const { count, countDown, all, isUp } = await read();
      const down = all.filter((line) => isOfRealServer(line) && !isUp(line));
      const lines = await collectWith(countDown - 1);
      expect(down).toEqual(expect.arrayContaining(lines.filter(isOfRealServer)));
      expect(lines.filter(isOfRealServer)).toHaveLength(countDown - 1);
      expect(lines).toContain(`${limited} ${count - countDown + 1}`);
    });

    it('exports only those that are down if configured: no series is missing then', async () => {
      const { countDown, without, isUp } = await read();
      expect(await collectWith(countDown, true)).toEqual(without(isUp));
      expect(await collectWith(countDown - 1, true)).toContain(`${limited} 1`);
    });
  });

  it('distinguishes several keepaliveds', async () => {
    const both = [keepalivedWith(recorded, { daemon: 'a.conf' }), keepalivedWith(recorded, { daemon: 'b.conf' })];
    const lines = await collect(both);
    const one = await collect([keepalivedWith(recorded)]);
    expect(lines).toHaveLength(2 * one.length - 1);
    expect(namesOf(lines)).toEqual(namesOf(one));
    expect(lines).toContain('keepalived_dump_timestamp_seconds{dump="check",daemon="b.conf"} 7');
  });

  it.each<[string, Partial<Keepalived>]>([
    ['does not run', { running: false }],
    ['wrote no such dump', { dumps: {} }],
    ['has no virtual servers', keepalivedWith('------< Global definitions >------\n')],
  ])('gives nothing of a keepalived that %s', async (_, others) => {
    expect(await collect([keepalivedWith(recorded, others)])).toEqual([]);
  });

  it('names the dump that is malformed', async () => {
    await expect(collect([keepalivedWith('x\n')])).rejects.toThrow(
      'keepalived_check.data: Cannot parse line 1: expected a heading such as "------< Global definitions >------"',
    );
  });

  it('fails as absent where there is no keepalived', async () => {
    const host = { ...createHost({}), keepalived: async () => absent('keepalived') };
    await expect(collector.collect(host)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('declares every metric that it gives', async () => {
    const given = new Set(
      (await collector.collect(createHost({ keepalived: [keepalivedWith(recorded)] }))).map(
        ({ metric }) => metric.name,
      ),
    );
    const shared = [
      'keepalived_dump_timestamp_seconds',
      'keepalived_dump_skipped_lines',
      'lvs_exporter_series_limited',
    ];
    expect([...given].sort()).toEqual([...collector.metrics.map(({ name }) => name), ...shared].sort());
  });
});
