import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Census, createCensus } from '../../src/flows/census/census.ts';
import { judge, type Memory } from '../../src/flows/classification/judge.ts';
import { destinationArrivals, estimateArrivals } from '../../src/flows/forecast/arrivals.ts';
import { forecastTable } from '../../src/flows/forecast/forecast.ts';
import { observe, type ScanHistory } from '../../src/flows/forecast/history.ts';
import { outlooksOf } from '../../src/flows/forecast/outlook.ts';
import {
  createFlowSampler,
  type FlowSampler,
  nextHashesBelow,
} from '../../src/flows/forecast/turnover/flow-sampler.ts';
import { followFlows, type Turnover } from '../../src/flows/forecast/turnover/turnover.ts';
import { createFlow } from '../../src/identity/flow.ts';
import { timeouts } from './simulated-table.ts';

const strangeNumber = fc.oneof(fc.nat(100_000), fc.constantFrom(0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 40));

const anyFlows = fc.array(
  fc.record({
    copies: fc.integer({ min: 1, max: 300 }),
    protocol: fc.constantFrom(6, 17, 1, 47, 132, 99),
    state: fc.constantFrom('', 'SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'TIME_WAIT', 'CLOSE', 'COOKIE_WAIT'),
    replied: fc.boolean(),
    assured: fc.boolean(),
    remainingSeconds: fc.option(fc.oneof(fc.nat(130), fc.nat(500_000)), { nil: undefined }),
    ageSeconds: fc.option(fc.oneof(fc.nat(100), fc.constant(-3)), { nil: undefined }),
    port: fc.nat(3),
  }),
  { maxLength: 8 },
);

const anyScan = fc.record({
  flows: anyFlows,
  count: strangeNumber,
  liveCount: fc.option(strangeNumber, { nil: undefined }),
  complete: fc.boolean(),
  limit: strangeNumber,
  passed: fc.oneof(fc.double({ min: 0.1, max: 1000, noNaN: true }), fc.constantFrom(0, -5)),
  evicted: strangeNumber,
  invalid: fc.option(strangeNumber, { nil: undefined }),
  noTimeouts: fc.boolean(),
});

type Scan = typeof anyScan extends fc.Arbitrary<infer T> ? T : never;

function takeCensus({ flows, count, liveCount, complete, noTimeouts }: Scan, sampler?: FlowSampler): Census {
  const taker = createCensus({ timeouts: noTimeouts ? new Map() : timeouts });
  const flow = createFlow();
  let source = 0;
  for (const { copies, port, ...rest } of flows) {
    Object.assign(flow, rest);
    flow.destination.port = port;
    for (let i = 0; i < copies; i++) {
      flow.source.address.setUint32(0, source++);
      taker.add(flow);
      sampler?.add(flow);
    }
  }
  return taker.finish({ count, complete, ...(liveCount !== undefined && { liveCount }) }, 10);
}

function expectSane(value: number) {
  expect(value).toBeGreaterThanOrEqual(0);
}

describe('whatever is in the table and the settings', () => {
  test('no number is negative or NaN', () => {
    fc.assert(
      fc.property(fc.array(anyScan, { minLength: 1, maxLength: 8 }), (scans) => {
        let history: ScanHistory = [];
        let memory: Memory = new Map();
        let turnover: Turnover | undefined;
        let atSeconds = 0;
        for (const scan of scans) {
          atSeconds += scan.passed;
          const sampler = createFlowSampler(1, turnover && nextHashesBelow(turnover.sample), 300);
          const census = takeCensus(scan, sampler);
          const sample = sampler.finish();
          turnover = followFlows(turnover, { atSeconds, census, timeouts, sample, undisturbed: scan.evicted === 0 });
          const present = { atSeconds, census, evicted: scan.evicted, outlooks: outlooksOf(census, turnover) };
          history = observe(history, present);
          const { equilibriumEntries, fullInSeconds } = forecastTable(present, scan.limit, history);
          const fills = scan.limit > 0 && equilibriumEntries > scan.limit;
          expect(fullInSeconds === 0 || Number.isFinite(fullInSeconds) === fills).toBe(true);
          const judgement = judge(memory, census, {
            elapsedSeconds: scan.passed,
            invalidPackets: scan.invalid,
            directReturnServers: [],
          });
          memory = judgement.memory;
          for (const value of [equilibriumEntries, fullInSeconds, census.count, census.scale, census.sampledRatio])
            expectSane(value);
          for (const { perSecond, standardError } of estimateArrivals(census, turnover))
            [perSecond, standardError].forEach(expectSane);
          for (const destination of census.destinations) expectSane(destinationArrivals(census, destination).perSecond);
          expect(Number.isFinite(equilibriumEntries)).toBe(true);
          expect(memory.size).toBeLessThanOrEqual(10 + 10 * 3);
        }
      }),
    );
  });

  test('a higher limit is never reached sooner', () => {
    fc.assert(
      fc.property(anyScan, fc.nat(20_000), fc.nat(20_000), (scan, limit, more) => {
        const census = takeCensus({ ...scan, count: 0, complete: true });
        const present = { atSeconds: 0, census, evicted: 0, outlooks: outlooksOf(census) };
        const history = observe([], present);
        const sooner = forecastTable(present, limit + 1, history).fullInSeconds;
        expect(forecastTable(present, limit + 1 + more, history).fullInSeconds).toBeGreaterThanOrEqual(sooner);
      }),
    );
  });
});
