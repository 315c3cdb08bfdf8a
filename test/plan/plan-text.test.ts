import { expect, it } from 'vitest';
import { kernelTimers, type Load } from '../../src/plan/load.ts';
import { planTable } from '../../src/plan/plan.ts';
import { renderPlan } from '../../src/plan/plan-text.ts';

const loads: readonly Load[] = [
  { protocol: 'tcp', seen: 'half', perSecond: 100, durationSeconds: 2 },
  { protocol: 'udp', seen: 'half', perSecond: 20, durationSeconds: 0 },
  { protocol: 'tcp', seen: 'both', perSecond: 10, durationSeconds: 300 },
  { protocol: 'udp', seen: 'both', perSecond: 0, durationSeconds: 0 },
];

it('renderPlan() of a table that is too small', () => {
  expect(renderPlan(planTable(loads, kernelTimers, 16_384))).toMatchInlineSnapshot(`
    "New connections, and the entries that they keep in the table of the stateful hop:
      tcp, replies bypass the hop: 100 per second, 2 s each: 12,000 entries, at most 18,000
      udp, replies bypass the hop: 20 per second, 0 s each: 600 entries, at most 1,800
      tcp, replies pass the hop: 10 per second, 5 min each: 4,200 entries, at most 4,800

    Entries needed: 16,800; at most 24,600, including expired entries that are not yet removed
    With a reserve: a limit of 65,536 and as many buckets, which take 27 MB of memory when full
        sysctl -w net.netfilter.nf_conntrack_buckets=65536
        sysctl -w net.netfilter.nf_conntrack_max=65536

    The present table with a limit of 16,384 gets 130 new entries per second: an empty table is full in 2 min 13 s
    It is sufficient for 67 % of this load
    "
  `);
});

it('renderPlan() of a table whose limit is not known sets none without a look at the one in force', () => {
  const lines = renderPlan(planTable(loads, kernelTimers, undefined)).split('\n');
  const command = lines.findIndex((line) => line.includes('sysctl -w'));
  expect(lines[command - 1]).toContain('(sysctl net.netfilter.nf_conntrack_max)');
});

it('renderPlan() of a table without a limit sets none', () => {
  const text = renderPlan(planTable(loads, kernelTimers, 0));
  expect(text).toContain('The table has no limit');
  expect(text).not.toContain('sysctl');
});

it('renderPlan() of a table that is large enough', () => {
  const text = renderPlan(planTable(loads, kernelTimers, 262_144));
  expect(text).toMatch(/limit of 262,144 /);
  expect(text).not.toContain('sysctl');
  const [, last] = text.split('\n\n').slice(-2);
  expect(last).toMatchInlineSnapshot(`
    "The present table with a limit of 262,144 gets 130 new entries per second and does not fill: it becomes 9.4 % full, and is sufficient for 11 times this load
    "
  `);
});
