import { describe, expect, it } from 'vitest';
import { parseKeepalivedData } from '../../../src/parsers/keepalived/data.ts';
import { readDump } from '../../keepalived/fixtures.ts';
import { announced, collectFrom, dump } from './collected.ts';

const isReason = (line: string) => line.startsWith('keepalived_vrrp_fault_info');

/** `VI_1: script chk` */
function shorten(line: string): string {
  const [, name, reason, cause] = /instance_name="(.*?)".*reason="(.*?)",cause="(.*?)"/.exec(line) ?? [];
  return `${name}: ${reason} ${cause}`.trim();
}

async function collectReasons(version: string, text = readDump(`fault/${version}`, 'data')): Promise<string[]> {
  const dumps = { json: dump(`fault/${version}`, 'json', 2), data: { text, modifiedSeconds: 1 } };
  const lines = await collectFrom({ keepalived: [{ daemon: '', running: true, dumps }] });
  return lines.filter(isReason).map(shorten);
}

/** The script with a weight fails too, and is the reason of none. */
const tracked = [
  'VI_script: script chk_fault',
  'VI_file: file tf_fault',
  'VI_process: process tp_fault',
  'VI_bfd: bfd nobody',
  'VI_first: script chk_fault',
  'VI_second: sync_group SG',
  'VI_alone: script chk_group',
  'VI_other: script chk_group',
];

describe('keepalived_vrrp_fault_info', () => {
  it('names what each instance tracks that fails, and what is wrong with its interface', async () => {
    expect(await collectReasons('2.4.3')).toEqual([...tracked, 'VI_down: interface_down']);
  });

  it('names what is tracked by a keepalived that does not report the interface', async () => {
    expect(await collectReasons('2.2.7')).toEqual(tracked);
  });

  it('blames a sync group for none of its members if no member shows why', async () => {
    const data = readDump('fault/2.2.7', 'data').replace(
      /(VRRP Instance = VI_first\n[\s\S]*?chk_fault weight) 0/,
      '$1 -10',
    );
    const unknown = ['VI_first: script chk_fault', 'VI_second: sync_group SG'];
    expect(await collectReasons('2.2.7', data)).toEqual(tracked.filter((reason) => !unknown.includes(reason)));
  });

  it.each([
    ['base i/f down', 'base_interface_down'],
    ['duplicate VRID', 'duplicate_vrid'],
    ['no source IP address', 'no_source_address'],
    ['config error', 'configuration'],
  ])('reads %j', async (text, reason) => {
    const data = readDump('fault/2.4.3', 'data').replace('     i/f down\n', `     ${text}\n`);
    expect(await collectReasons('2.4.3', data)).toEqual([...tracked, `VI_down: ${reason}`]);
  });

  it('has no reason for an instance that has left FAULT since', async () => {
    const dumps = { data: dump('fault/2.4.3', 'data', 1) };
    const subjects = [announced('VI_script', 'backup', 2)];
    const lines = await collectFrom({
      keepalived: [{ daemon: '', running: true, dumps }],
      announcements: { listening: true, malformedLines: 0, subjects },
    });
    expect(lines.filter(isReason).map(shorten)).not.toContain('VI_script: script chk_fault');
  });
});

describe('parseKeepalivedData() of a keepalived that runs scripts with supplementary groups', () => {
  it('takes the groups of a script for no addresses', () => {
    const text = readDump('fault/2.4.3', 'data');
    const { instances, skipped } = parseKeepalivedData(text);
    const addresses = instances.map((one) => [one.name, ...one.addresses.map(({ address }) => address)].join(' '));
    expect(text).toContain('\n     Supplementary groups:\n       901\n');
    expect(skipped).toEqual({ lines: 0, problems: [] });
    expect(addresses.slice(0, 3)).toEqual([
      'VI_notify 192.0.2.101 192.0.2.102',
      'VI_excluded 192.0.2.111 192.0.2.112',
      'VI_unicast 192.0.2.121',
    ]);
  });
});
