import { describe, expect, it } from 'vitest';
import { listSources, listStates, listZones, readLargestHolder } from '../../src/readings/holders.ts';
import { splitByNamespace } from '../../src/readings/readings.ts';
import { withoutLocal } from '../../src/scrape/columns.ts';
import type { Sample } from '../../src/scrape/metric.ts';
import { holders } from '../page/series.ts';

function read(samples: readonly Sample[]) {
  const [readings] = splitByNamespace(samples);
  if (readings === undefined) throw new Error('no readings');
  return readings;
}

const local = read(holders);
const exported = read(withoutLocal(holders));

describe('who holds the table', () => {
  it('is known by source on the machine itself', () => {
    expect(listSources(local)).toEqual([
      {
        netns: undefined,
        address: '192.0.2.10',
        zone: '4097',
        entries: 390,
        unreplied: 385,
        perSecond: 8,
        destinations: 380,
        verdict: 'scan',
        owner: undefined,
      },
    ]);
    expect(listSources(exported)).toEqual([]);
  });

  it('is known by zone, with its limit and its owner', () => {
    expect(listZones(exported)).toMatchObject([
      { zone: '4097', entries: 400, unreplied: 390, perSecond: 8, limit: 500, owner: { vm: 'scanner-1' } },
    ]);
  });

  it('is known by state, replied or not', () => {
    expect(listStates(exported)).toEqual([
      { netns: undefined, protocol: 'tcp', state: 'SYN_SENT', entries: 390, assuredEntries: 0 },
      { netns: undefined, protocol: 'udp', state: '', entries: 10, assuredEntries: 0 },
    ]);
  });

  it('is named with the address of a source on the machine itself, and without it elsewhere', () => {
    const holder = { kind: 'source', entries: 390, protocol: 'tcp', port: '445', zone: '4097', state: '' };
    expect(readLargestHolder(local)).toEqual({ ...holder, address: '192.0.2.10' });
    expect(readLargestHolder(exported)).toEqual({ ...holder, address: '' });
    expect(readLargestHolder(read([]))).toBeUndefined();
  });
});
