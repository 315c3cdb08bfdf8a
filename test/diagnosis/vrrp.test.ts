import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { samplesOf } from './samples.ts';

const labels = 'instance_name="web",interface="eth0",vrid="51",family="ipv4"';
const states = ['init', 'backup', 'master', 'fault'];

function instance(state: string, more = ''): string {
  const set = states.map((one) => `keepalived_vrrp_state{${labels},state="${one}"} ${one === state ? 1 : 0}`);
  return `keepalived_up 1\n${set.join('\n')}\n${more}\n`;
}

const bound = (value: number) => `keepalived_vrrp_address_bound{${labels},address="10.0.0.100"} ${value}`;
const processes = (up: number, restarts: number) => `
  keepalived_process_up{process="vrrp"} ${up}
  keepalived_process_restarts_total{process="vrrp"} ${restarts}`;
const find = (now: string, before = '') => diagnose(samplesOf(now), samplesOf(before));
const ids = (now: string, before = '') => find(now, before).map(({ severity, id }) => `${severity} ${id}`);

describe('diagnose() of VRRP', () => {
  it.each([
    ['a master with its address', instance('master', bound(1)), []],
    ['a backup without it', instance('backup', bound(0)), []],
    ['a master without its address', instance('master', bound(0)), ['critical keepalived-address-misplaced']],
    ['a backup with it', instance('backup', bound(1)), ['critical keepalived-address-misplaced']],
    ['an instance in FAULT', instance('fault', bound(0)), ['critical vrrp-fault']],
    ['an instance of which the addresses are not known', instance('master'), []],
    [
      'keepalived that stopped',
      instance('').replace('keepalived_up 1', 'keepalived_up 0'),
      ['critical keepalived-down'],
    ],
    ['keepalived that never ran', 'keepalived_up 0', []],
    ['a dump that is read', instance('master', 'keepalived_dump_skipped_lines{dump="data"} 0'), []],
    [
      'a dump of which lines are skipped',
      instance('master', 'keepalived_dump_skipped_lines{dump="data"} 2'),
      ['warning keepalived-dump-unreadable'],
    ],
    ['a keepalived whose VRRP process is away', instance('', processes(0, 0)), ['critical keepalived-process-down']],
    ['a keepalived whose processes run', instance('backup', processes(1, 7)), []],
  ])('%s', (_what, now, expected) => {
    expect(ids(now)).toEqual(expected);
  });

  it('a process that was restarted between two readings', () => {
    const [finding] = find(instance('backup', processes(1, 9)), instance('backup', processes(1, 7)));
    expect(finding).toMatchObject({
      id: 'keepalived-process-down',
      subject: { daemon: '' },
      numbers: { recentRestarts: 2, knownRestarts: 9 },
      details: { process: 'vrrp', isUp: true, instances: ['web'] },
    });
  });

  it('names the reasons of the instance in FAULT alone', () => {
    const reason = (vrid: string, reason: string, cause: string) =>
      `keepalived_vrrp_fault_info{${labels.replace('51', vrid)},reason="${reason}",cause="${cause}"} 1`;
    const more = [reason('51', 'script', 'chk'), reason('51', 'interface_down', ''), reason('52', 'script', 'other')];
    const [finding] = find(instance('fault', [...more, 'keepalived_script_up{script="weight"} 0'].join('\n')));
    expect(finding).toMatchObject({
      id: 'vrrp-fault',
      details: {
        causes: [
          { reason: 'script', cause: 'chk' },
          { reason: 'interface_down', cause: '' },
        ],
      },
    });
  });

  it('adds the address, and announces it to the network', () => {
    const [finding] = find(instance('master', bound(0)));
    expect(finding?.remedies.map(({ id }) => id)).toEqual(['add-address', 'restart-keepalived']);
    expect(finding?.remedies[0]).toMatchObject({
      commands: ['ip address add 10.0.0.100/32 dev eth0', 'arping -c 3 -U -I eth0 10.0.0.100'],
      undo: ['ip address del 10.0.0.100/32 dev eth0'],
    });
  });

  it('takes it away from where it does not belong', () => {
    const [finding] = find(instance('backup', bound(1)));
    expect(finding?.remedies.map(({ id }) => id)).toEqual(['remove-address', 'restart-keepalived']);
    expect(finding?.remedies[0]?.commands).toEqual(['ip address del 10.0.0.100/32 dev eth0']);
  });

  const heard = (received: number, became = 1) => `
    keepalived_vrrp_advertisements_received_total{${labels}} ${received}
    keepalived_vrrp_became_master_total{${labels}} ${became}`;

  it.each([
    ['that hears another', instance('master', heard(15)), ['critical keepalived-split-brain']],
    ['that just became one', instance('master', heard(15, 2)), []],
    ['that receives no advertisements', instance('master', heard(5)), []],
  ])('a master %s', (_what, now, expected) => {
    expect(ids(now, instance('master', heard(5)))).toEqual(expected);
  });

  it('a backup that hears its master', () => {
    expect(ids(instance('backup', heard(15)), instance('backup', heard(5)))).toEqual([]);
  });

  it('an instance that refuses advertisements', () => {
    const refused = (count: number) =>
      instance('backup', `keepalived_vrrp_errors_total{${labels},kind="authentication_failure"} ${count}`);
    expect(ids(refused(0), refused(0))).toEqual([]);
    expect(find(refused(4), refused(0))).toMatchObject([
      {
        id: 'keepalived-advertisements-refused',
        severity: 'warning',
        subject: { instance: { name: 'web', interface: 'eth0', routerId: '51' } },
        numbers: { refusedAdvertisements: 4 },
        details: { kinds: [{ kind: 'authentication_failure', refusedAdvertisements: 4 }] },
      },
    ]);
  });
});
