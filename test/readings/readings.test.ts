import { describe, expect, it } from 'vitest';
import { splitByNamespace } from '../../src/readings/readings.ts';
import { samplesOf } from '../diagnosis/samples.ts';

function read(now: string, before?: string) {
  const [own, ...others] = splitByNamespace(samplesOf(now), before === undefined ? undefined : samplesOf(before));
  if (own === undefined) throw new Error('No namespace');
  return { own, others };
}

describe('splitByNamespace()', () => {
  it('gives the value of a series whatever its other labels are', () => {
    const { own } = read('conntrack_setting{name="tcp_loose"} 1\nconntrack_setting{name="acct"} 0');
    expect([own.value('conntrack_setting', { name: 'acct' }), own.value('conntrack_setting')]).toEqual([0, 1]);
    expect([own.is('conntrack_setting', { name: 'acct' }), own.is('conntrack_setting')]).toEqual([false, true]);
    expect(own.all('conntrack_setting', { name: 'checksum' })).toEqual([]);
    expect(own.value('conntrack_entries')).toBeUndefined();
  });

  it('keeps the network namespaces apart, the own one first', () => {
    const { own, others } = read('conntrack_entries{netns="qrouter-1"} 5\nconntrack_entries 7');
    expect([own.netns, own.value('conntrack_entries')]).toEqual([undefined, 7]);
    expect(others.map((one) => [one.netns, one.value('conntrack_entries')])).toEqual([['qrouter-1', 5]]);
  });

  it('tells how much a counter rose on all CPUs, over a wrap at 2^32', () => {
    const before = 'conntrack_invalid_total{cpu="0"} 4294967290\nconntrack_invalid_total{cpu="1"} 10';
    const now = 'conntrack_invalid_total{cpu="0"} 4\nconntrack_invalid_total{cpu="1"} 15';
    expect(read(now, before).own.rise('conntrack_invalid_total')).toBe(15);
  });

  it('says nothing of a counter that was not there before', () => {
    const now = 'ipvs_connections_total 5';
    expect(read(now).own.rise('ipvs_connections_total')).toBeUndefined();
    expect(read(now, 'conntrack_entries 1').own.rise('ipvs_connections_total')).toBeUndefined();
  });

  it('divides by the time between two runs of the collector of that name, in its namespace', () => {
    const at = (seconds: number, invalid: number) => `
      lvs_exporter_collector_last_success_timestamp_seconds{collector="conntrack"} ${seconds}
      lvs_exporter_collector_last_success_timestamp_seconds{collector="conntrack@a"} ${seconds * 2}
      conntrack_invalid_total{cpu="0"} ${invalid}
      conntrack_invalid_total{cpu="0",netns="a"} ${invalid}`;
    const { own, others } = read(at(110, 300), at(100, 100));
    expect([own, ...others].map((one) => one.perSecond('conntrack_invalid_total'))).toEqual([20, 10]);
    expect(read(at(100, 300), at(100, 100)).own.perSecond('conntrack_invalid_total')).toBeUndefined();
  });
});
