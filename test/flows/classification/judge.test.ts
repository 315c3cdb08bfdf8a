import { describe, expect, test } from 'vitest';
import type { Circumstances } from '../../../src/flows/classification/evidence.ts';
import { type JudgedDestination, judge, type Memory } from '../../../src/flows/classification/judge.ts';
import { simulateTable, type Traffic } from '../simulated-table.ts';
import {
  asked,
  longOneSided,
  opened,
  server,
  silentSince,
  streamed,
  translated,
  twoWay,
  unconfirmed,
  underPolicy,
} from '../traffic.ts';

interface Scene {
  readonly seconds: number;
  readonly interval?: number;
  /** Invalid packets per second, at a time. */
  readonly invalid?: (seconds: number) => number;
  readonly directReturnServers?: Circumstances['directReturnServers'];
  readonly sample?: number;
}

/** Reads the table every 15 seconds. Gives the verdicts of each time, by port, and the last findings. */
function watch(
  traffics: readonly Traffic[],
  { seconds, interval = 15, invalid, directReturnServers = [], sample }: Scene,
) {
  const table = simulateTable(traffics);
  const story: Record<string, string>[] = [];
  let memory: Memory = new Map();
  let findings: readonly JudgedDestination[] = [];
  for (let at = interval; at <= seconds; at += interval) {
    table.run(interval);
    const circumstances = {
      elapsedSeconds: at === interval ? undefined : interval,
      invalidPackets: invalid && invalid(at) * interval,
      directReturnServers,
    };
    ({ findings, memory } = judge(memory, table.census(sample === undefined ? {} : { sample }), circumstances));
    story.push(Object.fromEntries(findings.map(({ destination, verdict }) => [destination.port, verdict])));
  }
  return { story, last: story.at(-1), findings, memory };
}

const step = (before: number, then: number, at: number) => (seconds: number) => (seconds <= at ? before : then);

describe('judge()', () => {
  test('recognizes direct server return by the INVALID packets of its clients', () => {
    const { story, findings } = watch([opened(100, { clients: 50 })], { seconds: 60, invalid: () => 600 });
    expect(story).toEqual([{ 80: 'none' }, { 80: 'none' }, { 80: 'direct_return' }, { 80: 'direct_return' }]);
    expect(findings.at(0)?.evidence).toEqual({
      counted: 6000,
      entries: 6000,
      tableShare: 1,
      unrepliedShare: 1,
      oneWay: 0,
      oneWayStates: [],
      unconfirmedShare: 0,
      translatedShare: 0,
      idleShare: 0,
      isAging: false,
      sources: expect.toSatisfy((sources: number) => Math.abs(sources - 50) < 20),
      sourcesPerFlow: expect.closeTo(50 / 6000, 2),
      arrivalsPerSecond: expect.closeTo(100, -1),
      newFlows: expect.closeTo(1500, -2),
      invalidPerNewFlow: expect.closeTo(6, 0),
      invalidPerNewFlowOfAddress: expect.closeTo(6, 0),
      addressShareOfNewFlows: 1,
      invalidPerNewOneWayFlow: expect.closeTo(6, 0),
      shareOfOneWayFlows: 1,
      isDirectReturnServer: false,
    });
  });

  test('recognizes that the replies to some clients bypass this host', () => {
    const half = [opened(50, { clients: 50 }), twoWay(50, 1, { clients: 50 })];
    expect(watch(half, { seconds: 60, invalid: () => 150 }).last).toEqual({ 80: 'direct_return' });
    expect(watch(half, { seconds: 60, invalid: () => 20 }).last ?? {}).not.toHaveProperty('80', 'direct_return');
  });

  test('does not take INVALID packets of another destination for that', () => {
    const half = [opened(20, { clients: 50 }), twoWay(20, 1, { clients: 50 })];
    const other = opened(80, { port: 81, clients: 50 });
    expect(watch([...half, other], { seconds: 60, invalid: () => 300 }).last ?? {}).not.toHaveProperty(
      '80',
      'direct_return',
    );
  });

  test('compares with as many new flows as there were, however long ago the scan before', () => {
    const scene = { seconds: 900, interval: 300, invalid: () => 600 };
    const { last, findings } = watch([opened(100, { clients: 50 })], scene);
    expect(last).toEqual({ 80: 'direct_return' });
    expect(findings.at(0)?.evidence.invalidPerNewFlow).toBeCloseTo(6, 0);
  });

  test('recognizes it on both ports of one virtual address', () => {
    const traffics = [opened(50, { clients: 50 }), opened(50, { port: 443, clients: 50 })];
    expect(watch(traffics, { seconds: 60, invalid: () => 500 }).last).toEqual({
      80: 'direct_return',
      443: 'direct_return',
    });
  });

  test('does not report which of two addresses the invalid packets are of', () => {
    const traffics = [opened(50, { clients: 50 }), opened(50, { port: 443, destination: server(101), clients: 50 })];
    expect(watch(traffics, { seconds: 120, invalid: () => 500 }).last).toEqual({ 80: 'unanswered', 443: 'unanswered' });
  });

  test('recognizes direct server return by connections that continue and close unreplied', () => {
    const { last, findings } = watch([longOneSided(5), opened(5)], { seconds: 120 });
    expect(last).toEqual({ 80: 'direct_return' });
    expect(findings.at(0)?.evidence.oneWayStates).toEqual(['ESTABLISHED', 'TIME_WAIT']);
  });

  test('recognizes a flood by sources that are all different and send nothing more', () => {
    const { last, findings } = watch([opened(200)], { seconds: 60, invalid: () => 3 });
    expect(last).toEqual({ 80: 'syn_flood' });
    expect(findings.at(0)?.ground).toBe('distinct sources');
  });

  test('recognizes a flood that the server answers, whether its sources are many or few', () => {
    for (const clients of [5, 100_000]) {
      const traffics = [unconfirmed(200, { clients }), twoWay(5, 1)];
      const { last, findings } = watch(traffics, { seconds: 120, invalid: () => 1 });
      expect(last).toEqual({ 80: 'answered_syn_flood' });
      expect(findings.at(0)?.ground).toBe('unconfirmed handshakes');
    }
  });

  test('distinguishes a busy service from such a flood, and the service again when the flood is over', () => {
    const flood = (seconds: number) => (seconds > 60 && seconds <= 180 ? 150 : 0);
    const { story } = watch([twoWay(40, 1), unconfirmed(flood)], { seconds: 360, invalid: () => 1 });
    expect(story.at(3)).toEqual({ 80: 'two_way' });
    expect(story.at(11)).toEqual({ 80: 'answered_syn_flood' });
    expect(story.at(-1)).toEqual({ 80: 'two_way' });
  });

  test('recognizes dead connections: open, and silent for most of a long timeout', () => {
    const traffics = [silentSince(step(500, 0, 15), 150_000), twoWay(10, 1)];
    const { last, findings } = watch(traffics, { seconds: 120, invalid: () => 1 });
    expect(last).toEqual({ 80: 'dead_connections' });
    expect(findings.at(0)).toMatchObject({
      ground: 'idle timers',
      evidence: { isAging: true, idleShare: expect.closeTo(0.85, 0) },
    });
  });

  test('recognizes them from the third scan on, as diagnose reads the table', () => {
    const { story } = watch([silentSince(step(5000, 0, 1), 150_000)], { seconds: 15, interval: 5, invalid: () => 1 });
    expect(story.at(-1)).toEqual({ 80: 'dead_connections' });
  });

  test('does not call connections dead whose timer is short by a policy of their own', () => {
    const traffics = [underPolicy(step(500, 0, 15), 7200)];
    const { story } = watch(traffics, { seconds: 600, invalid: () => 1 });
    expect(new Set(story.slice(2).flatMap((verdicts) => Object.values(verdicts)))).toEqual(new Set(['two_way']));
  });

  test('does not call connections dead that were silent for less than half of their timer', () => {
    const { last } = watch([silentSince(step(500, 0, 15), 432_000)], { seconds: 120, invalid: () => 1 });
    expect(last).toEqual({ 80: 'two_way' });
  });

  test('never takes translated flows for direct return, whatever else is seen', () => {
    const server = 0x0a4e0202;
    const traffics = [translated(opened(100, { clients: 50 }), server), translated(longOneSided(5), server)];
    const { last, findings } = watch(traffics, { seconds: 60, invalid: () => 600 });
    expect(last).toEqual({ 80: 'unanswered_nat' });
    expect(findings.at(0)).toMatchObject({ ground: 'translated', evidence: { translatedShare: 1 } });
  });

  test('recognizes a flood on a translated destination that replied before', () => {
    const flood = (seconds: number) => (seconds > 60 && seconds <= 180 ? 600 : 0);
    const traffics = [translated(twoWay(20, 2), 1), translated(opened(flood), 1)];
    const { story } = watch(traffics, { seconds: 180, invalid: () => 3 });
    expect(story.at(3)).toEqual({ 80: 'two_way' });
    expect(story.at(-1)).toEqual({ 80: 'syn_flood' });
  });

  test('takes a translated destination that never replied for a service that is down, and datagrams there', () => {
    const traffics = [translated(opened(200), 1), translated(asked(100), 1)];
    const { last } = watch(traffics, { seconds: 60, invalid: () => 3 });
    expect(last).toEqual({ 80: 'unanswered_nat', 53: 'unanswered_nat' });
  });

  test('takes translated flows that are answered for two-way traffic', () => {
    expect(watch([translated(twoWay(50, 2), 1)], { seconds: 60, invalid: () => 20 }).last).toEqual({ 80: 'two_way' });
  });

  test('recognizes a flood on a service with direct server return, and the service again when it is over', () => {
    const flood = (seconds: number) => (seconds > 120 && seconds <= 240 ? 600 : 0);
    const traffics = [opened(20, { clients: 100 }), opened(flood)];
    const { story } = watch(traffics, { seconds: 480, invalid: () => 120 });
    expect(story.at(7)).toEqual({ 80: 'direct_return' });
    expect(story.at(15)).toEqual({ 80: 'syn_flood' });
    expect(story.at(-1)).toEqual({ 80: 'direct_return' });
  });

  test('calls a server that is down unanswered', () => {
    for (const clients of [30, 500]) {
      const { last, findings } = watch([opened(50, { clients })], { seconds: 60, invalid: () => 3 });
      expect(last).toEqual({ 80: 'unanswered' });
      expect(findings.at(0)?.ground).toBe('no invalid packets');
    }
  });

  test('does not call it a flood when a service with many clients stops to answer', () => {
    const traffics = [twoWay(step(100, 0, 200), 1), opened(step(0, 150, 200))];
    const { story } = watch(traffics, { seconds: 480, invalid: () => 3 });
    expect(story.at(10)).toEqual({ 80: 'two_way' });
    expect(story.at(-1)).toEqual({ 80: 'unanswered' });
    expect(story.flatMap((verdicts) => Object.values(verdicts))).not.toContain('syn_flood');
  });

  test('calls it unanswered where the invalid packets are not known', () => {
    expect(watch([opened(200)], { seconds: 60 }).last).toEqual({ 80: 'unanswered' });
  });

  test('recognizes a two-way service', () => {
    const traffics = [twoWay(50, 2), opened(3)];
    expect(watch(traffics, { seconds: 60, invalid: () => 20 }).last).toEqual({ 80: 'two_way' });
  });

  test('cannot recognize direct server return of datagrams, unless the virtual server is known', () => {
    const traffics = [asked(100), streamed(10, 1, 100)];
    const scene = { seconds: 60, invalid: () => 0 };
    const known = [{ protocol: 'udp', address: '10.0.0.100', port: 53 }];
    expect(watch(traffics, scene).last).toEqual({ 53: 'unanswered', 443: 'unanswered' });
    const { last } = watch(traffics, { ...scene, directReturnServers: known });
    expect(last).toEqual({ 53: 'direct_return', 443: 'unanswered' });
  });

  test('has no verdict on a multicast group', () => {
    expect(watch([asked(100, { destination: 0xe00000fb })], { seconds: 60 }).last).toEqual({});
  });

  test('has no verdict on few flows, nor on a small share of the table', () => {
    expect(watch([opened(0.5)], { seconds: 300, invalid: () => 0 }).last).toEqual({});
    const traffics = [twoWay(200, 1), opened(1, { port: 81 })];
    expect(watch(traffics, { seconds: 300, invalid: () => 0 }).last).toEqual({ 80: 'two_way' });
  });

  test('keeps a verdict while traffic pauses, and drops it when the flows are gone', () => {
    const traffics = [opened(step(100, 0, 60), { clients: 50 }), twoWay(1, 1, { port: 22 })];
    const { story } = watch(traffics, { seconds: 300, invalid: (seconds) => (seconds <= 60 ? 600 : 0) });
    expect(story.at(9)?.[80]).toBe('direct_return');
    expect(story.at(-1)).toEqual({ 22: 'two_way' });
  });

  test('does not flap when the evidence does', () => {
    const noisy = (seconds: number) => (seconds <= 60 || seconds % 30 === 0 ? 600 : 20);
    const { story } = watch([opened(100, { clients: 50 })], { seconds: 300, invalid: noisy });
    expect(story.slice(2)).toEqual(Array(18).fill({ 80: 'direct_return' }));
  });

  test('judges from a sample', () => {
    const scene = { seconds: 90, invalid: () => 1200, sample: 2000 };
    expect(watch([opened(200, { clients: 50 }), twoWay(50, 1, { port: 8080 })], scene).last).toEqual({
      80: 'direct_return',
      8080: 'two_way',
    });
  });
});
