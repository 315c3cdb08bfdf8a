import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readVrrpDumps } from '../../../src/collectors/keepalived/reading.ts';
import { type DumpKind, dumpKinds } from '../../../src/host/host.ts';
import { parseKeepalivedCheck } from '../../../src/parsers/keepalived/checkers/check.ts';
import type { VrrpInstance } from '../../../src/parsers/keepalived/vrrp/vrrp-instance.ts';
import { readCheckFixture } from '../../keepalived/check-fixtures.ts';
import { readDump } from '../../keepalived/fixtures.ts';

/** What the dumps of a folder report, without those that are left out. */
function readFolder(folder: string, ...without: readonly DumpKind[]) {
  const exists = (kind: DumpKind) =>
    existsSync(new URL(`../../fixtures/keepalived/${folder}/keepalived.${kind}`, import.meta.url));
  const kinds = dumpKinds.filter((kind) => !without.includes(kind) && exists(kind));
  return readVrrpDumps(
    Object.fromEntries(kinds.map((kind) => [kind, { text: readDump(folder, kind), modifiedSeconds: 1 }])),
  );
}

function identify({ name, interface: device, vrid, family, basePriority, addresses }: VrrpInstance): string {
  const list = addresses.map((one) => `${one.address} ${one.interface}${one.excluded ? ' excluded' : ''}`);
  return [`${name}: ${device} ${vrid} ${family} ${basePriority}`, ...list].join(', ');
}

const states = (folder: string) => readFolder(folder).instances.map(({ name, state }) => `${name} ${state}`);

/** The configuration that test/fixtures/keepalived/README.md has, as of the versions that know no more. */
const kitchenSink = [
  'VI_a: eth0 1 ipv4 100, 192.0.2.101 eth0, 192.0.2.102 eth0, 2001:db8::101 eth0 excluded, 198.51.100.101 lo excluded',
  'VI_b: eth1 2 ipv4 100, 198.51.100.102 eth1',
  'VI_c: eth0 3 ipv4 100, 192.0.2.103 eth0',
  'VI_d: eth0 4 ipv4 100, 192.0.2.104 eth0',
  'name with blanks: eth0 5 ipv4 255, 192.0.2.105 eth0',
  'VI-日本-é: ETH5 51 ipv4 100, 192.0.2.106 eth1',
  'vrrp: vrrp 7 ipv6 100, fe80::7:1 vrrp, 2001:db8::107 vrrp',
  'VI_vmac_addr: vrrp.8 8 ipv4 100, 192.0.2.108 vrrp.8, 198.51.100.108 eth1',
  'VI_mixed6: eth1 10 ipv6 100, fe80::10:1 eth1, 2001:db8:1::110 eth1, 198.51.100.110 eth1 excluded',
];

const since2 = [
  'VI_gone: dummy9 9 ipv4 100, 192.0.2.109 dummy9',
  'VI_novip: eth1 11 ipv4 1',
  expect.stringMatching(/^VI_ipvlan: (?:eth1|vrrp\.12) 12 ipv4 90, 198\.51\.100\.112 (?:eth1|vrrp\.12)$/),
];

const since20 = ['2.0.5', '2.0.10', '2.0.14', '2.0.20', '2.1.5', '2.2.8', '2.3.4', '2.4.3'];

describe.each(['2.2.4', '2.3.1'])('readVrrp() of what is seldom configured, keepalived %s', (version) => {
  const { instances, skipped, counters } = readFolder(`exotic/${version}`);

  it('has what is configured', () => {
    expect(instances.map(identify)).toEqual([
      'VI_ll: eth0 1 ipv6 100, fe80::1:1 eth0, fe80::1:2 eth1',
      'VI_frac: eth0 2 ipv4 100, 192.0.2.102 eth0, 192.0.2.112 eth0',
      'VI_ttl: eth0 3 ipv4 100, 192.0.2.103 eth0',
      'VI_vmac6: vrrp6.4 4 ipv6 254, fe80::4:1 vrrp6.4, 2001:db8::104 vrrp6.4',
      'VI_ipvlan: ipv5 5 ipv4 90, 198.51.100.105 eth1',
      'VI_bfd: eth1 6 ipv4 90, 198.51.100.106 eth1',
      'Größe = 1 (2): x: eth1 255 ipv4 1, 198.51.100.107 eth1',
      'VI_accept6: eth1 254 ipv6 1, 2001:db8:1::107 eth1',
    ]);
    expect([...skipped.values()]).toEqual([0, 0, 0]);
    expect([...counters.keys()]).toEqual(instances.map(({ name }) => name));
  });

  it('has intervals below a second, peers with limits of their TTL, and the type of authentication', () => {
    const settings = new Map(instances.map((one) => [one.name, one.settings]));
    expect(settings.get('VI_ll')).toMatchObject({ version: 3, advertisementSeconds: 0.25 });
    expect(settings.get('VI_frac')).toMatchObject({ version: 3, advertisementSeconds: 0.01 });
    expect(settings.get('VI_ttl')).toMatchObject({ unicastPeers: ['192.0.2.2', '192.0.2.3'] });
    expect(settings.get('VI_vmac6')).toMatchObject({ sendingInterface: 'eth0' });
    expect(settings.get('Größe = 1 (2): x')).toMatchObject({ authentication: 'ipsec_ah' });
  });
});

describe('readVrrp() of the kitchen sink', () => {
  it.each(['1.3.9', '1.4.5'])('has what is configured: keepalived %s', (version) => {
    const { instances, skipped, counters } = readFolder(`kitchen-sink/${version}`);
    expect(instances.map(identify)).toEqual(kitchenSink);
    expect([...counters.keys()]).toEqual(instances.map(({ name }) => name));
    expect([...skipped.values()]).toEqual([0, 0]);
  });

  it.each(since20)('has what is configured: keepalived %s', (version) => {
    const { instances, skipped, counters } = readFolder(`kitchen-sink/${version}`);
    const renamed = kitchenSink.map((one) => one.replace('blanks:', "blanks, = and 'quotes':"));
    // From 2.2 on an address on another interface gets a macvlan there.
    const read = instances.map(identify).map((one) => one.replace('198.51.100.108 vrrp1.8', '198.51.100.108 eth1'));
    expect(read.sort()).toEqual(expect.arrayContaining([...renamed, ...since2]));
    expect(read).toHaveLength(12);
    expect([...counters.keys()]).toEqual(instances.map(({ name }) => name));
    expect([...skipped.values()]).toEqual([0, 0, 0]);
  });

  it.each([
    ...since20.map((version) => `kitchen-sink/${version}`),
    ...['2.0.17', '2.3.4', '2.4.3'].map((version) => `names/${version}`),
    ...['other-family/2.0.10', 'control-characters/2.0.17'],
  ])('is the same without the JSON dump: %s', (folder) => {
    const valuesOf = ({ instances }: ReturnType<typeof readVrrpDumps>) =>
      instances.map((one) => ({ ...one, lastTransitionSeconds: undefined, counters: undefined }));
    expect(valuesOf(readFolder(folder))).toEqual(valuesOf(readFolder(folder, 'json')));
  });
});

describe('readVrrp() of what keepalived writes wrongly', () => {
  it('reads keepalived 1.2.19: no brackets, garbage for scripts, a line end too much', () => {
    const { instances, data, skipped } = readFolder('kitchen-sink/1.2.19');
    expect(instances.map(identify)).toEqual([
      'VI_1: eth0 51 ipv4 150, 192.0.2.101 eth0',
      'VI_2: eth1 52 ipv4 150, 198.51.100.101 eth1',
      'VI_3: eth1 53 ipv4 200, 198.51.100.103 eth1, 198.51.100.104 eth1 excluded',
    ]);
    expect(instances.map(({ lastTransitionSeconds }) => lastTransitionSeconds)).toEqual([
      1795834482, 1795834482, 1795834480,
    ]);
    expect(data?.syncGroups).toEqual([
      { name: 'VG', state: 'master' },
      { name: 'VG_alone', state: 'master' },
    ]);
    expect(data?.scripts).toEqual([]);
    expect([...skipped.values()]).toEqual([0, 0]);
  });

  it.each(['1.2.19', '1.3.9', '1.4.2'])('reads instances after a line end that keepalived %s forgot', (version) => {
    const { instances, data, skipped } = readFolder(`line-ends/${version}`);
    expect(instances.map(identify)).toEqual([
      'VI_v3: eth0 21 ipv4 90, 192.0.2.121 eth0',
      'VI_uni: eth0 22 ipv4 90, 192.0.2.122 eth0',
      'VI_six: eth1 23 ipv6 90, fe80::23:1 eth1, 2001:db8:1::123 eth1, ::c000:27b eth1',
      'VI_last: eth1 24 ipv4 150, 198.51.100.124 eth1',
    ]);
    expect(data?.syncGroups[0]).toEqual({ name: 'SG', state: 'backup' });
    expect([...skipped.values()]).toEqual([0, 0]);
  });

  it('reads the state of a group before 2.0 from its members where it is not master', () => {
    expect(readFolder('kitchen-sink/1.4.5').data?.syncGroups).toEqual([
      { name: 'SG_one', state: 'master' },
      { name: 'SG_fault', state: 'fault' },
    ]);
  });

  it('reads instances on the way to master as backup: they have no address yet', () => {
    expect(states('transition/1.3.5').slice(0, 4)).toEqual(['VI_a backup', 'VI_b backup', 'VI_c fault', 'VI_d fault']);
  });

  it('takes an excluded address of the other family from the data, and leaves it out without them', () => {
    expect(readFolder('other-family/2.0.10').instances.map(identify)).toEqual([
      'VI_1: eth0 51 ipv4 150, 192.0.2.101 eth0, 2001:db8::101 eth0 excluded',
      'VI_6: eth0 56 ipv6 150, fe80::6:1 eth0, 2001:db8::106 eth0, 198.51.100.106 eth1 excluded',
    ]);
    expect(readFolder('other-family/2.0.10', 'data').instances.map(identify)).toEqual([
      'VI_1: eth0 51 ipv4 150, 192.0.2.101 ',
      'VI_6: eth0 56 ipv6 150, fe80::6:1 , 2001:db8::106 ',
    ]);
  });

  it('takes the last transition from the data where JSON has six digits of it: keepalived 2.0.14', () => {
    const transitions = ({ instances }: ReturnType<typeof readVrrpDumps>) =>
      instances.map(({ lastTransitionSeconds }) => lastTransitionSeconds);
    const folder = 'kitchen-sink/2.0.14';
    expect(transitions(readFolder(folder))).toEqual(transitions(readFolder(folder, 'json')));
    expect(new Set(transitions(readFolder(folder, 'data')))).toEqual(new Set([undefined]));
  });

  it('reads JSON with control characters', () => {
    const { json, instances } = readFolder('control-characters/2.0.17');
    expect(json?.instances).toHaveLength(1);
    expect(instances.map(identify)).toEqual(['VI_1: eth0 51 ipv4 150, 192.0.2.101 eth0']);
  });

  it('takes the data and the statistics where the JSON dump is not JSON, and counts it', () => {
    const { instances, counters, kinds, skipped } = readVrrpDumps({
      json: { text: '[{"data":{"iname":"VI_web","track_ifp":["""]}}]', modifiedSeconds: 2 },
      data: { text: readDump('2.2.7/master', 'data'), modifiedSeconds: 1 },
      stats: { text: readDump('2.2.7/master', 'stats'), modifiedSeconds: 1 },
    });
    expect(instances.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'VI_web master',
      'VI_web6 master',
      'VI_db backup',
      'VI_mail fault',
    ]);
    expect(counters.get('VI_web')).toMatchObject({ becameMaster: 1 });
    expect(kinds).toEqual(['data', 'stats']);
    expect(skipped).toEqual(
      new Map([
        ['data', 0],
        ['json', 1],
        ['stats', 0],
      ]),
    );
  });

  it('reads track files of keepalived before 2.0.8, which do not report what the file has', () => {
    const { data, skipped } = readFolder('tracking/2.0.5');
    expect(data?.trackedFiles).toEqual([{ name: 'maint', status: undefined }]);
    expect([...skipped.values()]).toEqual([0, 0]);
  });

  it('reads virtual servers with a BFD_CHECK of keepalived 2.0.14 to 2.0.20', () => {
    const { virtualServers, skipped } = parseKeepalivedCheck(readCheckFixture('2.0.20-bfd', 'keepalived_check.data'));
    const kinds = virtualServers.map(({ realServers }) =>
      realServers.map(({ checkers }) => checkers.map(({ kind, up }) => `${kind} ${up}`)),
    );
    expect(kinds).toEqual([[['bfd_check undefined'], ['tcp_check false']], [['tcp_check false']]]);
    expect(skipped.lines).toBe(0);
  });
});
