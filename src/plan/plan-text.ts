import { bytes, count, percent, time } from '../readings/format.ts';
import type { Plan, PlannedLoad, PresentTable } from './plan.ts';

/** A plan for a person. */
export function renderPlan({ loads, liveEntries, maxEntries, limit, buckets, memoryBytes, present }: Plan): string {
  const lines = [
    'New connections, and the entries that they keep in the table of the stateful hop:',
    ...loads.filter(({ perSecond }) => perSecond > 0).map(renderLoad),
    '',
    `Entries needed: ${count(liveEntries)} live ones; at most ${count(maxEntries)}, with those that wait for the garbage collector`,
    `With a reserve: a limit of ${count(limit)} and as many buckets, ${bytes(memoryBytes)} of memory when full`,
    ...(present !== undefined && present.limit >= limit
      ? [`The present limit of ${count(present.limit)} is enough: do not lower it for this`]
      : [
          `    sysctl -w net.netfilter.nf_conntrack_buckets=${buckets}`,
          `    sysctl -w net.netfilter.nf_conntrack_max=${limit}`,
        ]),
    ...(present === undefined ? [] : ['', ...renderPresent(present, maxEntries)]),
  ];
  return `${lines.join('\n')}\n`;
}

function renderLoad({ protocol, seen, perSecond, durationSeconds, liveEntries, maxEntries }: PlannedLoad): string {
  const what = seen === 'half' ? 'answered past the hop' : 'answered through it';
  return `  ${protocol}, ${what}: ${count(perSecond)} a second, ${time(durationSeconds)} each: ${count(liveEntries)} entries, at most ${count(maxEntries)}`;
}

function renderPresent({ limit, entriesPerSecond, fullAfterSeconds, timesTheLoad }: PresentTable, maxEntries: number) {
  const fills = `The present table of ${count(limit)} gets ${count(entriesPerSecond)} new entries a second`;
  return Number.isFinite(fullAfterSeconds)
    ? [
        `${fills}: from empty it is full in ${time(fullAfterSeconds)}`,
        `It carries ${percent(timesTheLoad)} of this load`,
      ]
    : [
        `${fills} and does not fill: it gets ${percent(maxEntries / limit)} full, and carries ${count(timesTheLoad)} times this load`,
      ];
}
