import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type SenderKind, withLaboratory } from '../../bench/flows/namespace.ts';
import { scan } from '../../bench/flows/scan.ts';
import { estimateArrivals } from '../../src/flows/forecast/arrivals.ts';
import { type Forecast, forecastTable } from '../../src/flows/forecast/forecast.ts';
import { observe, type ScanHistory } from '../../src/flows/forecast/history.ts';
import { outlooksOf } from '../../src/flows/forecast/outlook.ts';
import { followFlows, type Turnover } from '../../src/flows/forecast/turnover/turnover.ts';
import { needs } from '../needs.ts';
import { timeouts } from './simulated-table.ts';

interface Course {
  readonly kind: SenderKind;
  readonly perSecond: number;
  readonly flows?: number;
  readonly limit: number;
  readonly settings?: Readonly<Record<string, number>>;
}

interface Seen extends Forecast {
  readonly second: number;
  readonly live: number;
  readonly arrivals: number;
}

const seconds = 40;
const intervalSeconds = 4;

/** What is forecast of a real table that is read every 4 s. */
async function watchKernel({ kind, perSecond, flows, limit, settings = {} }: Course): Promise<Seen[]> {
  const set = new Map([...timeouts, ...Object.entries(settings)]);
  const seen: Seen[] = [];
  await withLaboratory(`forecast-${kind}`, async (laboratory) => {
    for (const [name, value] of Object.entries(settings)) laboratory.set(name, value);
    const { begun } = laboratory.send(kind, [[seconds + 10, perSecond, perSecond]], flows);
    while (begun.length === 0) await sleep(10);
    const start = performance.now();
    let history: ScanHistory = [];
    let turnover: Turnover | undefined;
    for (let second = intervalSeconds; second <= seconds; second += intervalSeconds) {
      await sleep(start + second * 1000 - performance.now());
      const atSeconds = (performance.now() - start) / 1000;
      const { census, sample } = await scan(laboratory.namespace, set, { sampled: turnover?.sample });
      turnover = followFlows(turnover, { atSeconds, census, timeouts: set, sample, undisturbed: true });
      const present = { atSeconds, census, evicted: 0, outlooks: outlooksOf(census, turnover) };
      history = observe(history, present);
      const arrivals = estimateArrivals(census, turnover).reduce((total, one) => total + one.perSecond, 0);
      seen.push({ second: atSeconds, live: census.live.estimate, arrivals, ...forecastTable(present, limit, history) });
    }
  });
  return seen;
}

const never = Number.POSITIVE_INFINITY;
const options = { ...needs('ip', 'nft', 'root', 'network namespaces', 'nf_tables'), concurrent: true };

describe('forecastTable() of a real kernel', options, () => {
  test('keepalives are no arrivals, and their table is level', async () => {
    // 1,000 flows, each with a datagram and its answer every 5 s.
    const settings = { nf_conntrack_udp_timeout: 8, nf_conntrack_udp_timeout_stream: 20 };
    const seen = await watchKernel({ kind: 'kept', perSecond: 200, flows: 1000, limit: 2000, settings });
    for (const { equilibriumEntries, fullInSeconds, arrivals, live } of seen.filter(({ second }) => second > 15)) {
      expect(live).toBe(1000);
      expect(Math.abs(equilibriumEntries / live - 1)).toBeLessThan(0.1);
      expect(fullInSeconds).toBe(never);
      expect(arrivals).toBe(0);
    }
  });

  test('ports that are used again after 20 s keep TIME_WAIT entries of 40 s level', async () => {
    const settings = { nf_conntrack_tcp_timeout_time_wait: 40 };
    const seen = await watchKernel({ kind: 'closed', perSecond: 50, flows: 1000, limit: 1600, settings });
    // Rate times timeout is 2,000 and more. In spans of 5 s, read every 4 s, it is known roughly where they settle.
    for (const { equilibriumEntries, fullInSeconds, live } of seen.filter(({ second }) => second > 30)) {
      expect(live).toBe(1000);
      expect(equilibriumEntries).toBeLessThan(1600);
      expect(fullInSeconds).toBe(never);
    }
  });

  test('connections that stay are foretold after three scans that rise alike', async () => {
    const seen = await watchKernel({ kind: 'connection', perSecond: 100, limit: 4000 });
    const last = seen.at(-1);
    const rate = (last?.live ?? 0) / (last?.second ?? 1);
    const foretold = seen.filter(({ live, fullInSeconds }) => live < 3600 && fullInSeconds < never);
    // A busy machine sends in fits and starts: it need not be foretold each time, and is never foretold wrong.
    expect(foretold).not.toEqual([]);
    for (const { live, fullInSeconds } of foretold) {
      expect(Math.abs(fullInSeconds / ((4000 - live) / rate) - 1)).toBeLessThan(0.3);
    }
    expect(seen.slice(0, 3).map(({ fullInSeconds }) => fullInSeconds)).toEqual([never, never, never]);
  });
});
