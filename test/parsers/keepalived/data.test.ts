import { describe, expect, it } from 'vitest';
import { parseKeepalivedData } from '../../../src/parsers/keepalived/data.ts';
import { ParseError } from '../../../src/parsers/parse-error.ts';
import { firstDirector, readDump, secondDirector } from '../../keepalived/fixtures.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';
import { dumpOf, nothing, smallest, smallestRead } from './smallest-data.ts';

const recorded = readDump('2.2.7/master', 'data');

const scripts = [
  { name: 'chk_service', status: 'good', state: 'idle' },
  { name: 'chk_weight', status: 'bad', state: 'idle' },
  { name: 'chk_fault', status: 'bad', state: 'idle' },
];

describe('parseKeepalivedData()', () => {
  it.each([
    ['2.0.10', [1795395913, 1795395913, 1795395909, 1795395909]],
    ['2.2.7/master', [1795395935.318359, 1795395935.283783, 1795395931.856863, 1795395931.866126]],
    ['2.3.4', [1795395946.460055, 1795395946.437007, 1795395942.989716, 1795395942.993913]],
    ['2.4.3', [1795395957.374215, 1795395957.373293, 1795395953.953442, 1795395953.961182]],
  ] as const)('reads a dump of keepalived %s', (folder, transitions) => {
    expect(parseKeepalivedData(readDump(folder, 'data'))).toEqual({
      ...nothing,
      instances: firstDirector([...transitions]),
      syncGroups: [{ name: 'VG_web', state: 'master' }],
      scripts,
    });
  });

  it('reads a dump of keepalived 2.1.5', () => {
    expect(parseKeepalivedData(readDump('2.1.5', 'data'))).toEqual({
      ...nothing,
      instances: firstDirector([1795395924.285804, 1795395924.284442, 1795395920.868371, 1795395920.899899]),
      syncGroups: [{ name: 'VG_web', state: 'master' }],
      scripts: scripts.slice(1),
    });
  });

  it('reads a dump of keepalived 1.3.5, where scripts stand within the instances', () => {
    const instances = firstDirector([1795395903, 1795395905, 1795395898, 1795395902]);
    expect(parseKeepalivedData(readDump('1.3.5', 'data'))).toEqual({
      ...nothing,
      isBefore2: true,
      instances: instances.map((instance) => ({ ...instance, wantedState: undefined, effectivePriority: undefined })),
      syncGroups: [{ name: 'VG_web', state: 'master' }],
      scripts: scripts.map(({ name, status }) => ({ name, status, state: undefined })),
    });
  });

  it('reads a dump of the other director', () => {
    expect(parseKeepalivedData(readDump('2.2.7/backup', 'data'))).toEqual({
      ...nothing,
      instances: secondDirector,
      syncGroups: [{ name: 'VG_web', state: 'backup' }],
      scripts,
    });
  });

  it.each(['2.0.20', '2.1.5', '2.2.7', '2.4.3'])(
    'reads what instances track from a dump of keepalived %s',
    (version) => {
      const { trackedFiles, trackedProcesses, bfds } = parseKeepalivedData(readDump(`tracking/${version}`, 'data'));
      expect({ trackedFiles, trackedProcesses, bfds }).toEqual({
        trackedFiles: [{ name: 'load', status: 5 }],
        trackedProcesses:
          version === '2.0.20'
            ? []
            : [
                { name: 'balancer', processes: 0, hasQuorum: false },
                { name: 'proxy', processes: 0, hasQuorum: false },
              ],
        bfds: [
          { name: 'neighbour', up: true },
          { name: 'nobody', up: false },
        ],
      });
    },
  );

  it('reads a process without what keepalived before 2.0.16 does not report: whether it has its quorum', () => {
    const text = readDump('tracking/2.2.7', 'data').replace(/^ *Have quorum = .*\n/gm, '');
    const { trackedProcesses, skipped } = parseKeepalivedData(text);
    expect(trackedProcesses.map(({ name, hasQuorum }) => [name, hasQuorum])).toEqual([
      ['balancer', undefined],
      ['proxy', undefined],
    ]);
    expect(skipped.lines).toBe(0);
  });

  it('reads a file with a negative number, a process that runs, and a BFD session without details', () => {
    const text = ` Track file = f
   Status = -254
 VRRP Track process = p
   Current processes = 3
   Have quorum = true
 VRRP Track BFD = b
   Weight = 0
`;
    expect(parseKeepalivedData(dumpOf('', text))).toEqual({
      ...nothing,
      trackedFiles: [{ name: 'f', status: -254 }],
      trackedProcesses: [{ name: 'p', processes: 3, hasQuorum: true }],
      bfds: [{ name: 'b', up: undefined }],
    });
  });

  it('reads an instance without addresses', () => {
    expect(parseKeepalivedData(dumpOf(smallest))).toEqual({ ...nothing, instances: [smallestRead] });
  });

  it('reads a dump without VRRP', () => {
    expect(parseKeepalivedData(dumpOf(''))).toEqual(nothing);
    expect(parseKeepalivedData('------< VRRP Topology >------\n')).toEqual({ ...nothing, isBefore2: true });
  });

  it.each([
    ['State = INIT', { state: 'init' }],
    ['State = BACKUP', { state: 'backup' }],
    ['State = FAULT', { state: 'fault' }],
    ['State = unknown', { state: 'unknown' }],
    ['State = 0', { state: 'init' }],
    ['State = 4', { state: 'backup' }],
    ['State = 96', { state: 'master' }],
    ['State = 97', { state: 'stop' }],
    ['State = 98', { state: 'fault' }],
    ['State = DISPATCHER', { state: 'unknown' }],
    ['Last transition = 1795395935', { lastTransitionSeconds: 1795395935 }],
    ['Wantstate = BACKUP', { wantedState: 'backup' }],
    ['Interface = vrrp.51, vmac on eth0', { interface: 'vrrp.51' }],
    [
      'Interface = vrrp.51, vmac on eth0, xmit base i/f',
      { interface: 'vrrp.51', settings: { ...smallestRead.settings, sendingInterface: 'eth0' } },
    ],
    ['Interface = ipv.51, ipvlan on (unknown)', { interface: 'ipv.51' }],
    ['Interface = not configured', { interface: '' }],
    ['Virtual Router ID = 255', { vrid: 255 }],
    ['Last transition = 0.000000 (Thu Jan  1 00:00:00.000000 1970)', { lastTransitionSeconds: 0 }],
  ])('reads "%s"', (field, expected) => {
    const [key] = field.split(' = ');
    const text = smallest.replace(new RegExp(`^   ${key} = .*$`, 'm'), `   ${field}`);
    expect(parseKeepalivedData(dumpOf(text)).instances).toEqual([{ ...smallestRead, ...expected }]);
  });

  it.each([
    ['10.9.0.100/24 brd 10.9.0.255 dev eth0 scope global label eth0:1 set', '10.9.0.100', 'eth0'],
    ['10.9.0.101 dev eth1 scope global', '10.9.0.101', 'eth1'],
    ['10.9.0.120/24 dev vrrp.52@eth0 use_vmac scope global set', '10.9.0.120', 'vrrp.52'],
    ['10.9.0.121 dev eth0 scope link peer 10.9.0.122/32 home -nodad no_track', '10.9.0.121', 'eth0'],
    ['fd00:9::100/64 dev bond0.100 scope global preferred_lft forever set', 'fd00:9::100', 'bond0.100'],
    ['10.9.0.101/32 dev eth1 scope global', '10.9.0.101', 'eth1'],
    ['FD00:9:0:0:0:0:0:100/128 dev bond0.100 scope global', 'fd00:9::100', 'bond0.100'],
    ['::192.0.2.123/96 dev eth1', '::c000:27b', 'eth1'],
    ['::ffff:10.9.0.1 dev eth0 scope global deprecated', '::ffff:10.9.0.1', 'eth0'],
  ])('reads the address "%s"', (text, address, device) => {
    const dump = dumpOf(`${smallest}   Virtual IP (1):\n     ${text}\n`);
    expect(parseKeepalivedData(dump).instances[0]?.addresses).toEqual([
      { address, interface: device, excluded: false },
    ]);
  });

  it.each([
    ['Init state = unknown', 'Status = GOOD', 'good'],
    ['Init state = unknown', 'Status = BAD', 'bad'],
    ['Init state = INIT', 'Status = GOOD', 'unknown'],
    ['Init state = INIT/RELOAD', 'Status = BAD', 'unknown'],
    ['Init state = INIT/FAILED', 'Status = BAD', 'bad'],
    ['Rise = 1', 'Status = INIT', 'unknown'],
    ['Rise = 1', 'Status = INIT/GOOD', 'good'],
    ['Rise = 1', 'Status = INIT/FAILED', 'bad'],
    ['Rise = 1', 'Status = DISABLED', 'unknown'],
  ])('reads a script with "%s" and "%s" as %s', (first, second, status) => {
    const script = ` VRRP Script = chk\n   ${first}\n   ${second}\n   State = forcing termination\n`;
    expect(parseKeepalivedData(dumpOf('', script)).scripts).toEqual([
      { name: 'chk', status, state: 'forcing_termination' },
    ]);
  });

  it('reads an address that is configured twice, as keepalived 2.2.7 and 2.3.1 print it', () => {
    const address = '     10.162.84.162 dev eth0 scope global set\n';
    const { instances, skipped } = parseKeepalivedData(dumpOf(`${smallest}   Virtual IP (2):\n${address}${address}`));
    expect(skipped).toEqual({ lines: 0, problems: [] });
    expect(instances[0]?.addresses).toEqual([{ address: '10.162.84.162', interface: 'eth0', excluded: false }]);
  });

  it('reads a sync group with a comma in its name', () => {
    expect(parseKeepalivedData(dumpOf('', ' VRRP Sync Group = a, b, FAULT\n')).syncGroups).toEqual([
      { name: 'a, b', state: 'fault' },
    ]);
  });

  it.each(['', 'moon\n'])('refuses a text that is no dump: %j', (text) => {
    expect(() => parseKeepalivedData(text)).toThrow(
      new ParseError(1, 'expected a heading such as "------< Global definitions >------"'),
    );
  });

  it('counts every line that is lost, and reports why of the first 20', () => {
    const { skipped } = parseKeepalivedData(dumpOf(' VRRP Instance = \n   State = x\n'.repeat(30)));
    expect(skipped.lines).toBe(30);
    expect(skipped.problems).toHaveLength(20);
  });

  it.each([
    ['the smallest dump', dumpOf(smallest, ' VRRP Script = chk\n   Status = BAD\n')],
    ['1.3.5', readDump('1.3.5', 'data')],
    ['2.2.7', recorded],
    ['what instances track', readDump('tracking/2.2.7', 'data')],
  ])('gives a value without NaN or a ParseError for any text: %s', (_what, text) => {
    expectParsedOrRefused(parseKeepalivedData, text);
  });
});
