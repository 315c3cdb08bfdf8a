/** What is known of the table in addition to the flows read. */
export interface TableCount {
  /**
   * nf_conntrack_count just before the reading, which itself lowers it: a dump removes the expired entries that it
   * meets (ctnetlink_dump_table()).
   */
  readonly count: number;
  /** True when the whole table was read. */
  readonly complete: boolean;
  /** nf_conntrack_count just after something has walked the whole table, so that no expired entry is in it. */
  readonly liveCount?: number;
}

/** How many entries had not expired, and between what bounds that is certain. */
export interface LiveEntries {
  readonly estimate: number;
  readonly atLeast: number;
  readonly atMost: number;
}

/** Linux 5.15 and later: GC_SCAN_INTERVAL_MAX in nf_conntrack_core.c. Before, a pass took 16 s at most. */
export const gcIntervalSeconds = 60;

/**
 * The number of live entries. nf_conntrack_count has the expired ones too, until the garbage collector's next pass,
 * which is up to 60 s away. With the rate at which entries expire, those are at least none and at most 60 s of it;
 * the estimate is the middle, 30 s.
 *
 * @param counted flows read.
 * @param expiring how many of them are in the last `expiringSeconds` of their time.
 */
export function estimateLive(
  { count, complete, liveCount }: TableCount,
  counted: number,
  expiring: number,
  expiringSeconds: number,
): LiveEntries {
  if (complete || counted === 0) return exactly(counted);
  const known = [liveCount, count].find((number = Number.NaN) => number >= counted && Number.isFinite(number));
  if (known === undefined) return exactly(counted);
  if (known === liveCount) return exactly(known);
  const lifetimesPerSecond = expiring / expiringSeconds / counted;
  const withoutExpired = (seconds: number) => Math.max(counted, known / (1 + lifetimesPerSecond * seconds));
  return { estimate: withoutExpired(gcIntervalSeconds / 2), atLeast: withoutExpired(gcIntervalSeconds), atMost: known };
}

function exactly(entries: number): LiveEntries {
  return { estimate: entries, atLeast: entries, atMost: entries };
}
