import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Census, createCensus, shareError } from '../../../src/flows/census/census.ts';
import { classKey } from '../../../src/flows/classification/flow-class.ts';
import { createFlow, type FlowRecord } from '../../../src/identity/flow.ts';
import { timeouts } from '../simulated-table.ts';

function takeCensus(flows: readonly Partial<FlowRecord>[], count = flows.length, destinations = 100): Census {
  const taker = createCensus({ timeouts });
  for (const flow of flows) taker.add({ ...createFlow(), ...flow });
  return taker.finish({ count, complete: true }, destinations);
}

function endpoint(address: number[], port = 0): FlowRecord['source'] {
  const bytes = new Uint8Array(16);
  bytes.set(address);
  return { address: new DataView(bytes.buffer), port };
}

const syn = (source: number, port = 80, translatedTo = port) => ({
  protocol: 6,
  state: 'SYN_SENT',
  remainingSeconds: 119,
  source: endpoint([192, 0, 2, source], 40_000),
  destination: endpoint([10, 0, 0, 100], port),
  replySource: endpoint([10, 0, 0, 100], translatedTo),
  replyDestination: endpoint([192, 0, 2, source], 40_000),
});

describe('createCensus()', () => {
  test('counts classes', () => {
    const flows = [syn(1), syn(2), { ...syn(3), state: 'ESTABLISHED', replied: true, assured: true }, { protocol: 17 }];
    const { classes } = takeCensus(flows);
    expect(classes.map((tally) => [classKey(tally), tally.entries])).toEqual([
      ['tcp SYN_SENT unreplied', 2],
      ['tcp ESTABLISHED replied assured', 1],
      ['udp  unreplied', 1],
    ]);
  });

  test('ranks destinations in turns by their flows and by their unreplied flows', () => {
    const replied = (source: number) => ({ ...syn(source, 443), replied: true });
    const flows = [replied(1), replied(2), replied(3), syn(4), syn(5), { ...syn(6, 25) }, replied(7)];
    const { destinations } = takeCensus(flows);
    expect(destinations.map(({ port, counted, unreplied }) => [port, counted, unreplied])).toEqual([
      [443, 4, 0],
      [80, 2, 2],
      [25, 1, 1],
    ]);
  });

  test('never hides the largest destination behind many small ones that are unreplied', () => {
    const small = Array.from({ length: 40 }, (_, port) => [syn(1, port), syn(2, port)]).flat();
    const large = Array.from({ length: 200 }, (_, source) => ({ ...syn(source, 443), replied: true }));
    const { destinations, otherDestinations } = takeCensus([...small, ...large], 280, 4);
    expect(destinations.map(({ counted }) => counted)).toEqual([200, 2, 2, 2]);
    expect(otherDestinations).toEqual({ counted: 74, unreplied: 74 });
  });

  test('counts the flows whose addresses or ports are translated', () => {
    const client = endpoint([198, 51, 100, 1], 40_000);
    const flows = [syn(1), syn(2, 80, 8080), { ...syn(3), replyDestination: client }];
    expect(takeCensus(flows).destinations[0]?.translated).toBe(2);
  });

  test('counts the flows without a packet for half of a long timer or a day', () => {
    const established = (remainingSeconds: number) => ({
      ...syn(1),
      state: 'ESTABLISHED',
      replied: true,
      assured: true,
      remainingSeconds,
    });
    const flows = [431_999, 345_600, 345_599, 100_000, 300].map(established);
    const unreplied = { ...syn(2), state: 'ESTABLISHED', remainingSeconds: 10 };
    const { destinations } = takeCensus([...flows, unreplied, { ...syn(3), remainingSeconds: 1 }]);
    expect(destinations[0]).toMatchObject({ counted: 7, idle: 3, idleSeconds: 345_599 });
  });

  test('counts destinations, the largest first, and the rest together', () => {
    const flows = [
      syn(1),
      syn(1),
      syn(2),
      { ...syn(3), state: 'LAST_ACK' },
      { ...syn(4), state: 'SYN_RECV', replied: true },
      syn(5, 443),
      { ...syn(6, 443), replied: true, state: 'TIME_WAIT' },
      { protocol: 17, replied: true },
    ];
    const { destinations, otherDestinations } = takeCensus(flows, flows.length, 2);
    expect(destinations).toEqual([
      {
        protocol: 'tcp',
        address: '10.0.0.100',
        port: 80,
        zone: 0,
        counted: 5,
        missedAtMost: 0,
        unreplied: 4,
        oneWay: 1,
        oneWayStates: ['LAST_ACK'],
        unconfirmed: 1,
        translated: 0,
        idle: 0,
        idleSeconds: 0,
        states: [
          { state: 'SYN_SENT', counted: 3 },
          { state: 'SYN_RECV', counted: 1 },
          { state: 'LAST_ACK', counted: 1 },
        ],
        sources: expect.toSatisfy((sources: number) => Math.abs(sources - 4) < 1.5),
        arrivals: expect.any(Uint32Array),
        horizonSeconds: 120,
      },
      {
        protocol: 'tcp',
        address: '10.0.0.100',
        port: 443,
        zone: 0,
        counted: 2,
        missedAtMost: 0,
        unreplied: 1,
        oneWay: 0,
        oneWayStates: [],
        unconfirmed: 0,
        translated: 0,
        idle: 0,
        idleSeconds: 0,
        states: [
          { state: 'SYN_SENT', counted: 1 },
          { state: 'TIME_WAIT', counted: 1 },
        ],
        sources: expect.closeTo(1, 0),
        arrivals: expect.any(Uint32Array),
        horizonSeconds: 120,
      },
    ]);
    expect(otherDestinations).toEqual({ counted: 1, unreplied: 0 });
  });

  test('distinguishes destinations by zone, protocol, port and every byte of an IPv6 address', () => {
    const v6 = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    const flows = [
      syn(1),
      { ...syn(1), originalZone: 7 },
      { ...syn(1), protocol: 17, state: '' },
      { ...syn(1), family: 6 as const, destination: endpoint(v6, 80) },
      { ...syn(1), family: 6 as const, destination: endpoint([...v6.slice(0, 15), 2], 80) },
    ];
    const keys = takeCensus(flows).destinations.map(({ protocol, address, port, zone }) => [
      protocol,
      address,
      port,
      zone,
    ]);
    expect(keys).toEqual([
      ['tcp', '10.0.0.100', 80, 0],
      ['tcp', '10.0.0.100', 80, 7],
      ['udp', '10.0.0.100', 80, 0],
      ['tcp', '2001:db8::1', 80, 0],
      ['tcp', '2001:db8::2', 80, 0],
    ]);
  });

  test('counts sources: their flows, how many destinations they go to, and to which port most of them do', () => {
    const scan = Array.from({ length: 60 }, (_, host) => ({
      ...syn(1, 445),
      destination: endpoint([10, 0, 1, host], 445),
      originalZone: 4097,
    }));
    const client = Array.from({ length: 20 }, (_, port) => ({ ...syn(2, 80 + (port % 2)), replied: true }));
    const { sources, sourceScale } = takeCensus([...client, ...scan, syn(1, 22)]);
    expect(sources).toMatchObject([
      { address: '192.0.2.1', zone: 4097, counted: 60, unreplied: 60, port: { protocol: 'tcp', port: 445 } },
      { address: '192.0.2.2', zone: 0, counted: 20, unreplied: 0, port: undefined },
      { address: '192.0.2.1', zone: 0, counted: 1, unreplied: 1 },
    ]);
    const [scanner = 0, two = 0] = sources.map(({ destinations }) => destinations);
    expect(scanner).toBeGreaterThan(0.6 * 60);
    expect(scanner).toBeLessThan(1.4 * 60);
    expect(Math.round(two)).toBe(2);
    expect(sourceScale).toBe(1);
  });

  test.each([33, 132])('counts no state of protocol %i on a kernel that has no support for it', (protocol) => {
    const taker = createCensus({ timeouts });
    taker.add({ ...createFlow(), protocol, state: '', remainingSeconds: 500 });
    expect(taker.finish({ count: 1, complete: true }, 1).destinations).toMatchObject([{ counted: 1, states: [] }]);
  });

  test('counts sources of a sample of the flows read, in bounded memory', () => {
    const taker = createCensus({
      timeouts,
      limits: { destinations: 8, sources: 8, networks: 16, targets: 8, sourceFlows: 1000 },
    });
    for (let i = 0; i < 4000; i++) taker.add({ ...createFlow(), ...syn(i % 2 === 0 ? 7 : i % 256) });
    const { sources, sourceScale } = taker.finish({ count: 4000, complete: true }, 100);
    expect(sourceScale).toBe(4);
    expect(sources.length).toBeLessThanOrEqual(8);
    expect(sources[0]).toMatchObject({ address: '192.0.2.7' });
    const [{ counted = 0, missedAtMost = 0 } = {}] = sources;
    expect(counted + missedAtMost).toBeGreaterThanOrEqual(500);
    expect(counted).toBeLessThanOrEqual(504);
  });

  test('counts unreplied flows to an address whose ports are too many to stand out', () => {
    const other = Array.from({ length: 5 }, (_, source) => ({
      ...syn(source, 443),
      destination: endpoint([198, 51, 100, 7], 443),
    }));
    const flood = Array.from({ length: 20 }, (_, port) => syn(port, 1000 + port));
    expect(takeCensus([...other, ...flood]).target).toMatchObject({ counted: 20, zone: 0 });
    expect(takeCensus([...other, ...flood].map((flow) => ({ ...flow, replied: true }))).target).toBeUndefined();
    expect(takeCensus([...other, ...flood.slice(0, 4)]).target).toBeUndefined();
  });

  test('counts every zone', () => {
    const flows = [0, 7, 65_535, 7].map((originalZone, source) => ({ ...syn(source), originalZone }));
    const { zones } = takeCensus([...flows, { ...syn(9), originalZone: 7, replied: true }]);
    expect(zones.map(({ zone, counted, unreplied }) => [zone, counted, unreplied])).toEqual([
      [7, 3, 2],
      [0, 1, 1],
      [65_535, 1, 1],
    ]);
  });

  test('counts as expired what the kernel counted and the reading did not show', () => {
    expect(takeCensus([syn(1), syn(2)], 5)).toMatchObject({
      counted: 2,
      count: 5,
      expired: 3,
      scale: 1,
      sampledRatio: 1,
    });
    expect(takeCensus([syn(1), syn(2)], 1)).toMatchObject({ counted: 2, count: 2, expired: 0, scale: 1 });
    expect(takeCensus([syn(1)], Number.NaN)).toMatchObject({ counted: 1, count: 1, expired: 0 });
  });

  test('is an empty table without flows', () => {
    expect(takeCensus([])).toMatchObject({
      counted: 0,
      count: 0,
      expired: 0,
      scale: 1,
      sampledRatio: 1,
      destinations: [],
    });
  });
});

describe('finish() of a sample', () => {
  const sample = (table: { count: number; liveCount?: number }, expiring = 0): Census => {
    const taker = createCensus({ timeouts });
    for (let i = 0; i < 1000; i++)
      taker.add({ ...createFlow(), ...syn(i % 256), remainingSeconds: i < expiring ? 5 : 100 });
    return taker.finish({ complete: false, ...table }, 1);
  };

  test('scales to the entries that are known to be live', () => {
    expect(sample({ count: 90_000, liveCount: 80_000 })).toMatchObject({
      live: { estimate: 80_000, atLeast: 80_000, atMost: 80_000 },
      count: 90_000,
      expired: 10_000,
      scale: 80,
      sampledRatio: 1 / 80,
    });
  });

  test('takes 30 seconds of expired entries out of the count, 0 to 60', () => {
    // 1 % of the entries expires each second.
    expect(sample({ count: 130_000 }, 100)).toMatchObject({
      live: { estimate: 100_000, atLeast: expect.closeTo(81_250, 5), atMost: 130_000 },
      count: 130_000,
      expired: undefined,
      scale: 100,
    });
  });

  test('has the binomial error of a share', () => {
    const census = sample({ count: 100_000 });
    expect(shareError(census, 0.5)).toBeCloseTo(Math.sqrt((0.25 * 0.99) / 1000), 10);
    expect(shareError(takeCensus([syn(1)]), 0.5)).toBe(0);
  });
});

describe('any table', () => {
  const anyFlow = fc.record({
    protocol: fc.constantFrom(6, 17, 1, 47, 132, 33, 99, 255),
    state: fc.constantFrom('', 'SYN_SENT', 'ESTABLISHED', 'TIME_WAIT', 'CLOSED', '17'),
    replied: fc.boolean(),
    assured: fc.boolean(),
    remainingSeconds: fc.option(fc.nat(500_000), { nil: undefined }),
    ageSeconds: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
    originalZone: fc.nat(3),
    destination: fc.nat(50).map((host) => endpoint([10, 0, 0, host], host % 3)),
    source: fc.nat(255).map((host) => endpoint([192, 0, 2, host])),
  });

  test('is the sum of its destinations and the others, and of its classes', () => {
    fc.assert(
      fc.property(fc.array(anyFlow), fc.nat(20), (flows, limit) => {
        const { destinations, otherDestinations, classes } = takeCensus(flows, flows.length, limit);
        const sum = (key: 'counted' | 'unreplied') =>
          destinations.reduce((total, each) => total + each[key], otherDestinations[key]);
        expect(sum('counted')).toBe(flows.length);
        expect(sum('unreplied')).toBe(flows.filter(({ replied }) => !replied).length);
        expect(classes.reduce((total, { entries }) => total + entries, 0)).toBe(flows.length);
        expect(destinations.length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
