import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { samplesOf } from './samples.ts';

const director = 'ipvs_virtual_server_real_servers{protocol="tcp",address="10.0.0.100",port="80",fwmark=""} 1';

function find(modes: Readonly<Record<string, number>>, machine = director) {
  const settings = Object.entries(modes).map(([name, value]) => `ipvs_setting{name="${name}"} ${value}`);
  return diagnose(samplesOf(machine, ...settings)).filter(({ id }) => id === 'ipvs-drops-on-purpose');
}

const remediesOf = (modes: Readonly<Record<string, number>>) =>
  find(modes).flatMap(({ remedies }) => remedies.map(({ commands }) => commands[0]));

describe('modes in which IPVS gives up connections', () => {
  it('that wait for low memory, or are off, are no finding', () => {
    expect(find({ drop_packet: 1, drop_entry: 0, secure_tcp: 1 })).toEqual([]);
  });

  it('that are in force always are critical, with the part that is lost', () => {
    expect(find({ drop_packet: 3, drop_entry: 3, secure_tcp: 0, am_droprate: 10 })).toMatchObject([
      { severity: 'critical', numbers: { lostRatio: 0.1 }, details: { always: ['drop_packet', 'drop_entry'] } },
    ]);
  });

  it('that are in force because memory is low are distinguished', () => {
    expect(find({ drop_entry: 2, am_droprate: 10 })).toMatchObject([
      { severity: 'critical', numbers: {}, details: { always: [], whileLow: ['drop_entry'] } },
    ]);
  });

  it('are a warning if timeouts alone are shorter', () => {
    expect(find({ secure_tcp: 3 })).toMatchObject([{ severity: 'warning' }]);
  });

  it('do nothing on a machine without virtual servers', () => {
    expect(find({ drop_packet: 3 }, 'conntrack_entries 1')).toEqual([]);
  });

  it('are set to wait for low memory, or get the usual threshold', () => {
    expect(remediesOf({ drop_packet: 3, amemthresh: 1024 })).toEqual(['sysctl -w net.ipv4.vs.drop_packet=1']);
    expect(remediesOf({ drop_packet: 2, amemthresh: 1024 })).toEqual(['free -m']);
    expect(remediesOf({ drop_packet: 2, amemthresh: 65_536 })).toEqual([
      'sysctl -w net.ipv4.vs.amemthresh=1024',
      'free -m',
    ]);
  });
});
