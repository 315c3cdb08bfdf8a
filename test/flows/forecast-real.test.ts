import { describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { falsified, type Seen, watchKernel } from './watch-kernel.ts';

const never = Number.POSITIVE_INFINITY;
const options = { ...needs('ip', 'nft', 'sysctl', 'root', 'network namespaces', 'nf_tables'), concurrent: true };

/** A sender on a busy machine is not even: new entries per second, over the latest one, two, ... intervals of 8 s or so. */
function latestRates(seen: readonly Seen[], { second, lagSeconds, live }: Seen): number[] {
  const start = { second: 0, lagSeconds: 0, live: 0 };
  const earlier = [start, ...seen].filter((one) => one.second < second && second - one.second < 9);
  return earlier.map((one) => (live - one.live) / (second + lagSeconds - one.second - one.lagSeconds));
}

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

  test.each([
    ['pinged', 'nf_conntrack_icmp_timeout'],
    ['tunnelled', 'nf_conntrack_gre_timeout_stream'],
    ['encrypted', 'nf_conntrack_generic_timeout'],
  ] as const)('flows in use of other protocols are level: %s', async (kind, timer) => {
    // 200 flows, each with a packet and its answer every 4 s, and a timer of 12 s.
    const settings = { [timer]: 12, nf_conntrack_gre_timeout: 12 };
    const seen = await watchKernel({
      kind,
      perSecond: 50,
      flows: 200,
      limit: 400,
      settings,
      seconds: 14,
      intervalSeconds: 2,
    });
    for (const { equilibriumEntries, fullInSeconds, arrivals, live } of seen.filter(({ second }) => second > 9)) {
      expect(live).toBe(200);
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

  test.each([
    ['openings without an answer', 'syn', {}],
    ['openings that no client confirms', 'answered', {}],
    ['connections in CLOSE_WAIT for an hour', 'half-closed', { nf_conntrack_tcp_timeout_close_wait: 3600 }],
  ] as const)('%s fill a table at the forecast time', async (_, kind, settings) => {
    const limit = 3000;
    const seen = await watchKernel({ kind, perSecond: 100, limit, settings, seconds: 14, intervalSeconds: 2 });
    const foretold = seen.filter(({ second, fullInSeconds }) => second > 7 && fullInSeconds < never);
    expect(foretold.length).toBeGreaterThan(1);
    for (const one of foretold) {
      const rates = latestRates(seen, one);
      const wrong = falsified(seen);
      expect(one.fullInSeconds).toBeGreaterThan(((0.7 / (1 + wrong)) * (limit - one.live)) / Math.max(...rates));
      expect(one.fullInSeconds).toBeLessThan(
        wrong < 1 ? ((1.3 / (1 - wrong)) * (limit - one.live)) / Math.min(...rates) : never,
      );
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
