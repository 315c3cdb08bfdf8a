import { bytes, count, percent, time } from '../readings/format.ts';
import type { PlannedLoad, PresentTable, TablePlan } from './plan.ts';

/** A plan for a person. */
export function renderPlan({
  loads,
  liveEntries,
  maxEntries,
  limit,
  buckets,
  memoryBytes,
  present,
}: TablePlan): string {
  const lines = [
    'New connections, and the entries that they keep in the table of the stateful hop:',
    ...loads.filter(({ perSecond }) => perSecond > 0).map(renderLoad),
    '',
    `Entries needed: ${count(liveEntries)}; at most ${count(maxEntries)}, including expired entries that are not yet removed`,
    `With a reserve: a limit of ${count(limit)} and as many buckets, which take ${bytes(memoryBytes)} of memory when full`,
    ...renderAdvice({ limit, buckets, present }),
    ...(present !== undefined && Number.isFinite(present.limit) ? ['', ...renderPresent(present, maxEntries)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Never a limit below the one in force. */
function renderAdvice({ limit, buckets, present }: Pick<TablePlan, 'limit' | 'buckets' | 'present'>): string[] {
  if (present?.limit === Number.POSITIVE_INFINITY) return ['The table has no limit: do not set one for this'];
  if (present !== undefined && present.limit >= limit) {
    return [`The present limit of ${count(present.limit)} is sufficient: do not lower it for this`];
  }
  return [
    ...(present === undefined
      ? ['Only if the table has a lower limit now (sysctl net.netfilter.nf_conntrack_max); 0 is no limit:']
      : []),
    `    sysctl -w net.netfilter.nf_conntrack_buckets=${buckets}`,
    `    sysctl -w net.netfilter.nf_conntrack_max=${limit}`,
  ];
}

function renderLoad({ protocol, seen, perSecond, durationSeconds, liveEntries, maxEntries }: PlannedLoad): string {
  const what = seen === 'half' ? 'replies bypass the hop' : 'replies pass the hop';
  return `  ${protocol}, ${what}: ${count(perSecond)} per second, ${time(durationSeconds)} each: ${count(liveEntries)} entries, at most ${count(maxEntries)}`;
}

function renderPresent({ limit, entriesPerSecond, fullAfterSeconds, timesTheLoad }: PresentTable, maxEntries: number) {
  const fills = `The present table with a limit of ${count(limit)} gets ${count(entriesPerSecond)} new entries per second`;
  return Number.isFinite(fullAfterSeconds)
    ? [
        `${fills}: an empty table is full in ${time(fullAfterSeconds)}`,
        `It is sufficient for ${percent(timesTheLoad)} of this load`,
      ]
    : [
        `${fills} and does not fill: it becomes ${percent(maxEntries / limit)} full, and is sufficient for ${count(timesTheLoad)} times this load`,
      ];
}
