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
  /** Flows of IPv6: the second word of the sources' addresses, and how many /64 they are of. The first is 2001:db8. */
  readonly network?: number;
}

function holderOf(groups: readonly Group[]) {
  const taker = createCensus({ timeouts });
  const flow: FlowRecord = createFlow();
  for (const group of groups) {
    const { flows, sources = 1, destinations = 1, from = 0, state = 'ESTABLISHED', zone = 0, network } = group;
    const isIPv6 = network !== undefined;
    // Addresses of IPv4 are in the first word, and differ here in the last of IPv6.
    const differs = isIPv6 ? 12 : 0;
    for (const { address } of [flow.source, flow.destination]) {
      address.setUint32(0, isIPv6 ? 0x20010db8 : 0);
      address.setUint32(4, network ?? 0);
    }
    Object.assign(flow, {
      family: isIPv6 ? 6 : 4,
      protocol: 6,
      state,
      replied: true,
      originalZone: zone,
      remainingSeconds: 1000,
    });
    flow.destination.port = 443;
    for (let i = 0; i < flows; i++) {
      flow.source.address.setUint32(differs, 0xc0000200 + from + (i % sources));
      flow.destination.address.setUint32(differs, 0xc6336400 + from + (i % destinations));
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

  test('is a /64 of IPv6 that sends from many addresses', () => {
    const scan = { flows: 6000, sources: 6000, destinations: 6000, network: 7, zone: 3 };
    const others = [1, 2, 3, 4].map((network) => ({ flows: 500, ...many, network, zone: 3 }));
    expect(holderOf([scan, ...others])).toMatchObject({
      kind: 'source',
      entries: 6000,
      source: { address: '2001:db8:0:7::/64', zone: 3 },
    });
  });

  test('is one address of a /64 rather than all of it', () => {
    const neighbours = { flows: 2000, ...many, network: 7 };
    expect(holderOf([{ flows: 5000, destinations: 5000, from: 9000, network: 7 }, neighbours])).toMatchObject({
      kind: 'source',
      source: { address: expect.not.stringContaining('/') },
    });
  });

  test('is no network of IPv4', () => {
    expect(holderOf([{ flows: 6000, sources: 200, destinations: 6000 }])?.kind).toBe('state');
  });

  test('does not call zone 0 a holder, which is that of everything without a zone', () => {
    expect(holderOf([{ flows: 1000, ...many }])?.kind).toBe('state');
  });

  test('is nothing in an empty table', () => {
    expect(holderOf([])).toBeUndefined();
  });
});
