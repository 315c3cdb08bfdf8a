import { describe, expect, test } from 'vitest';
import type { Census } from '../../../src/flows/census/census.ts';
import { destinationArrivals, estimateArrivals } from '../../../src/flows/forecast/arrivals.ts';
import type { Turnover } from '../../../src/flows/forecast/turnover/turnover.ts';
import { type SimulatedTable, simulateTable, type Traffic, timeouts } from '../simulated-table.ts';
import { asked, opened, streamed, twoWay } from '../traffic.ts';
import { watch } from './watch.ts';

function rates(census: Census, turnover?: Turnover): Record<string, number> {
  const named = estimateArrivals(census, turnover).map(({ protocol, replied, perSecond }) => [
    `${protocol} ${replied ? 'replied' : 'unreplied'}`,
    round(perSecond),
  ]);
  return Object.fromEntries(named);
}

function round(value: number): number {
  return Number(value.toPrecision(2));
}

function ranFor(seconds: number, ...traffics: Traffic[]): SimulatedTable {
  const table = simulateTable(traffics);
  table.run(seconds);
  return table;
}

const step = (before: number, then: number, at: number) => (seconds: number) => (seconds <= at ? before : then);

describe('estimateArrivals()', () => {
  test('estimates one-way connections from one reading', () => {
    expect(rates(ranFor(200, opened(200)).census())).toEqual({ 'tcp unreplied': 200 });
    expect(rates(ranFor(20, opened(1500)).census())).toEqual({ 'tcp unreplied': 1500 });
  });

  test('estimates two-way connections as they end', () => {
    expect(rates(ranFor(200, twoWay(50, 3)).census())).toEqual({ 'tcp replied': 50 });
  });

  test('counts a two-way connection once, and exactly, where the kernel stamps flows', () => {
    const table = ranFor(200, twoWay(step(10, 50, 185), 20), opened(30));
    expect(rates(table.census())).toEqual({ 'tcp replied': 10, 'tcp unreplied': 30 });
    expect(rates(table.census({ stamped: true }))).toEqual({ 'tcp replied': 50, 'tcp unreplied': 30 });
  });

  test('estimates datagrams without replies', () => {
    expect(rates(ranFor(60, asked(300)).census())).toEqual({ 'udp unreplied': 300 });
  });

  test('counts a stream of datagrams once, however often it is renewed', () => {
    const table = ranFor(200, streamed(20, 0.3, 60));
    expect(table.count()).toBeGreaterThan(1500);
    expect(rates(table.census())).toEqual({ 'udp unreplied': 20 });
  });

  test('does not take streams with long pauses for new ones', () => {
    const burst = (seconds: number) => (seconds <= 10 ? 50 : 0);
    const table = ranFor(100, streamed(burst, 7, 1000));
    expect(table.count()).toBe(500);
    expect(rates(table.census())).toEqual({ 'udp unreplied': 0 });
  });

  test.each([
    ['10 to 2000', 10, 2000, 5],
    ['2000 to 10', 2000, 10, 10],
    ['10 to 20', 10, 20, 30],
    ['100 to 0', 100, 0, 5],
  ])('follows a step from %s per second', (_, before, then, seconds) => {
    const census = ranFor(150 + seconds, opened(step(before, then, 150))).census();
    const [rate] = estimateArrivals(census);
    expect(Math.abs((rate?.perSecond ?? Number.NaN) - then)).toBeLessThanOrEqual(0.1 * then);
  });

  test('follows a step of datagrams in the next reading that has the previous one', () => {
    const estimate = (before: number, then: number) => {
      const last = watch(simulateTable([asked(step(before, then, 90))]), 105, 0).at(-1);
      return (last && rates(last.census, last.turnover)['udp unreplied']) ?? Number.NaN;
    };
    // Half of the 9,000 flows are followed.
    expect(Math.abs(estimate(10, 300) / 300 - 1)).toBeLessThan(0.1);
    expect(Math.abs(estimate(300, 10) / 10 - 1)).toBeLessThan(0.3);
  });

  test('counts datagrams as they end in one reading', () => {
    expect(rates(ranFor(100 + 15, asked(step(10, 300, 100))).census())).toEqual({ 'udp unreplied': 10 });
    expect(rates(ranFor(100 + 30, asked(step(10, 300, 100))).census())).toEqual({ 'udp unreplied': 300 });
  });

  test('averages a small rate over a minute', () => {
    const [rate] = estimateArrivals(ranFor(300, opened(0.5)).census());
    expect(rate).toEqual({ protocol: 'tcp', replied: false, perSecond: 0.5, standardError: Math.sqrt(30) / 60 });
  });

  test('scales a sample, with its error', () => {
    const table = ranFor(300, opened(500));
    const census = table.census({ sample: 5000, walked: true });
    const [rate] = estimateArrivals(census);
    expect(census.sampledRatio).toBeCloseTo(5000 / 60_000, 2);
    expect(Math.abs((rate?.perSecond ?? 0) - 500)).toBeLessThan(3 * (rate?.standardError ?? 0));
    expect(rate?.standardError).toBeLessThan(25);
  });

  test('does not count flows of a longer timeout as young after it was lowered', () => {
    const lowered = new Map(timeouts).set('nf_conntrack_tcp_timeout_syn_sent', 60);
    const table = ranFor(200, opened(400));
    const census = table.census({ timeouts: lowered });
    // None of these was made under the new timeout: those that have 60 s left began 60 s ago.
    expect(rates(census)).toEqual({ 'tcp unreplied': 0 });
  });

  test('has no rate of a class without a timeout', () => {
    expect(rates(ranFor(100, opened(400)).census({ timeouts: new Map() }))).toEqual({ 'tcp unreplied': 0 });
  });

  test('is empty for an empty table', () => {
    expect(rates(ranFor(0, opened(0)).census())).toEqual({});
  });
});

describe('destinationArrivals()', () => {
  test('attributes arrivals to their destinations', () => {
    const census = ranFor(
      200,
      opened(200),
      opened(30, { port: 443 }),
      twoWay(20, 1, { port: 8080 }),
      asked(90),
    ).census();
    const estimates = census.destinations.map((destination) => [
      destination.protocol,
      destination.port,
      round(destinationArrivals(census, destination).perSecond),
    ]);
    expect(estimates).toEqual([
      ['tcp', 80, 200],
      ['tcp', 443, 30],
      ['udp', 53, 90],
      ['tcp', 8080, 20],
    ]);
  });
});
