import { describe, expect, it } from 'vitest';
import { conntrackEntries, conntrackInvalidTotal, conntrackSetting } from '../../src/collectors/conntrack-metrics.ts';
import { ipvsTraffic } from '../../src/collectors/ipvs/metrics.ts';
import { readOwnNumbers, splitByNamespace } from '../../src/readings/readings.ts';
import { samplesOf } from '../diagnosis/samples.ts';

function read(now: string, before?: string) {
  const [own, ...others] = splitByNamespace(samplesOf(now), before === undefined ? undefined : samplesOf(before));
  if (own === undefined) throw new Error('No namespace');
  return { own, others };
}

describe('splitByNamespace()', () => {
  it('gives the value of a series whatever its other labels are', () => {
    const { own } = read('conntrack_setting{name="tcp_loose"} 1\nconntrack_setting{name="acct"} 0');
    expect([own.value(conntrackSetting, { name: 'acct' }), own.value(conntrackSetting)]).toEqual([0, 1]);
    expect([own.is(conntrackSetting, { name: 'acct' }), own.is(conntrackSetting)]).toEqual([false, true]);
    expect(own.all(conntrackSetting, { name: 'checksum' })).toEqual([]);
    expect(own.value(conntrackEntries)).toBeUndefined();
  });

  it('keeps the network namespaces apart, the own one first', () => {
    const { own, others } = read('conntrack_entries{netns="qrouter-1"} 5\nconntrack_entries 7');
    expect([own.netns, own.value(conntrackEntries)]).toEqual([undefined, 7]);
    expect(others.map((one) => [one.netns, one.value(conntrackEntries)])).toEqual([['qrouter-1', 5]]);
  });

  it('gives how much a counter rose on all CPUs, over a wrap at 2^32', () => {
    const before = 'conntrack_invalid_total{cpu="0"} 4294967290\nconntrack_invalid_total{cpu="1"} 10';
    const now = 'conntrack_invalid_total{cpu="0"} 4\nconntrack_invalid_total{cpu="1"} 15';
    expect(read(now, before).own.rise(conntrackInvalidTotal)).toBe(15);
  });

  it('reports nothing about a counter that was not there before', () => {
    const now = 'ipvs_connections_total 5';
    expect(read(now).own.rise(ipvsTraffic.connections)).toBeUndefined();
    expect(read(now, 'conntrack_entries 1').own.rise(ipvsTraffic.connections)).toBeUndefined();
  });

  it('divides by the time between two runs of the collector of that name, in its namespace', () => {
    const at = (seconds: number, invalid: number) => `
      lvs_exporter_collector_last_success_timestamp_seconds{collector="conntrack"} ${seconds}
      lvs_exporter_collector_last_success_timestamp_seconds{collector="conntrack@a"} ${seconds * 2}
      conntrack_invalid_total{cpu="0"} ${invalid}
      conntrack_invalid_total{cpu="0",netns="a"} ${invalid}`;
    const { own, others } = read(at(110, 300), at(100, 100));
    expect([own, ...others].map((one) => one.perSecond(conntrackInvalidTotal))).toEqual([20, 10]);
    expect(read(at(100, 300), at(100, 100)).own.perSecond(conntrackInvalidTotal)).toBeUndefined();
  });
});

describe('readOwnNumbers()', () => {
  it('has the numbers of the own namespace alone, as splitByNamespace() has them', () => {
    const at = (seconds: number, invalid: number) =>
      samplesOf(`
        lvs_exporter_collector_last_success_timestamp_seconds{collector="conntrack"} ${seconds}
        conntrack_invalid_total{cpu="0",netns="a"} 7
        conntrack_invalid_total{cpu="0"} ${invalid}
        conntrack_invalid_total{cpu="1"} ${2 * invalid}`);
    const numbers = readOwnNumbers(at(110, 300), at(100, 100));
    const [own] = splitByNamespace(at(110, 300), at(100, 100));
    expect(numbers.all(conntrackInvalidTotal, { cpu: '1' })).toEqual(own?.all(conntrackInvalidTotal, { cpu: '1' }));
    expect([numbers.perSecond(conntrackInvalidTotal), own?.perSecond(conntrackInvalidTotal)]).toEqual([60, 60]);
    expect([numbers.value(conntrackInvalidTotal), numbers.elapsedSeconds(conntrackInvalidTotal)]).toEqual([300, 10]);
  });
});
