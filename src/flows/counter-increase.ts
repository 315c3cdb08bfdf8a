/** Counters of /proc/net/stat/nf_conntrack are 32 bits wide for each CPU. */
const wrap = 2 ** 32;

/**
 * How much a counter that every CPU keeps for itself went up between two readings. One that went down has wrapped, or
 * begun again with the module: then it is below half of its range, and counts from 0.
 *
 * @returns undefined when the number of CPUs is not the same.
 */
export function counterIncrease(before: readonly number[], after: readonly number[]): number | undefined {
  if (before.length !== after.length) return undefined;
  return after.reduce((total, value, cpu) => total + increase(before[cpu] ?? 0, value), 0);
}

function increase(before: number, after: number): number {
  if (after >= before) return after - before;
  return before >= wrap / 2 ? after - before + wrap : after;
}
