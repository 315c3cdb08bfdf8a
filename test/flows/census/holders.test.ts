import { describe, expect, test } from 'vitest';
import { createCensus } from '../../../src/flows/census/census.ts';
import { largestHolder } from '../../../src/flows/census/holders.ts';
import { createFlow, type FlowRecord } from '../../../src/identity/flow.ts';
import { timeouts } from '../simulated-table.ts';

interface Group {
  readonly flows: number;
  /** Number of different sources and destinations; the first of each is number `from`. */
  readonly sources?: number;
  readonly destinations?: number;
  readonly from?: number;
  readonly state?: string;
  readonly zone?: number;
}

function holderOf(groups: readonly Group[]) {
  const taker = createCensus({ timeouts });
  const flow: FlowRecord = createFlow();
  for (const { flows, sources = 1, destinations = 1, from = 0, state = 'ESTABLISHED', zone = 0 } of groups) {
    Object.assign(flow, { protocol: 6, state, replied: true, originalZone: zone, remainingSeconds: 1000 });
    flow.destination.port = 443;
    for (let i = 0; i < flows; i++) {
      flow.source.address.setUint32(0, 0xc0000200 + from + (i % sources));
      flow.destination.address.setUint32(0, 0xc6336400 + from + (i % destinations));
      taker.add(flow);
    }
  }
  return largestHolder(taker.finish({ count: 0, complete: true }, 20));
}

const many = { sources: 1000, destinations: 1000 };

describe('largestHolder()', () => {
  test('is a destination that many sources go to, in a zone and a state that hold a little more', () => {
    const holder = holderOf([
      { flows: 5000, sources: 1000, zone: 7 },
      { flows: 1000, ...many, from: 9, zone: 7 },
    ]);
    expect(holder).toMatchObject({ kind: 'destination', entries: 5000, destination: { zone: 7, port: 443 } });
  });

  test('is a source that goes to many destinations', () => {
    expect(holderOf([{ flows: 5000, destinations: 5000, zone: 7 }])).toMatchObject({
      kind: 'source',
      entries: 5000,
      source: { address: '192.0.2.0', zone: 7 },
    });
  });

  test('is a zone whose sources and destinations are many', () => {
    const groups = [
      { flows: 4000, ...many, zone: 4097 },
      { flows: 3000, ...many, state: 'TIME_WAIT' },
    ];
    expect(holderOf(groups)).toMatchObject({ kind: 'zone', entries: 4000, zone: 4097 });
  });

  test('is a state where neither ends nor zones stand out', () => {
    const groups = [
      { flows: 5700, ...many, state: 'CLOSE_WAIT' },
      { flows: 800, ...many },
    ];
    expect(holderOf(groups)).toEqual({ kind: 'state', entries: 5700, protocol: 'tcp', state: 'CLOSE_WAIT' });
  });

  test('does not call zone 0 a holder, which is that of everything without a zone', () => {
    expect(holderOf([{ flows: 1000, ...many }])?.kind).toBe('state');
  });

  test('is nothing in an empty table', () => {
    expect(holderOf([])).toBeUndefined();
  });
});
