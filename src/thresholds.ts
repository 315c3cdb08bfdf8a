/**
 * Where the alert rules, the dashboards, the status page and the findings draw their lines. Ratios are 0 to 1, times are
 * in seconds. After a change: `npm run generate`.
 */
export const thresholds = {
  /** Entries of a table over its limit. */
  conntrackUsed: { warning: 0.75, critical: 0.9 },
  /** Where the table settles at the present rates, over its limit. */
  conntrackEquilibrium: { warning: 0.8, critical: 1 },
  /** Time until the table is full. */
  conntrackFullIn: { warning: 86_400, critical: 3_600 },
  /** Part of a table that one destination's unreplied flows hold from which on it is worth a name. */
  conntrackDestinationShare: { warning: 0.05 },
  /** Limit over buckets: from here on the chains of the hash table are long. */
  conntrackEntriesPerBucket: { warning: 8 },
} as const;
