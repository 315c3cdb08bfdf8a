/** What the page's charts show of one moment. What was not known then is undefined. */
export interface HistoryPoint {
  /** Unix time. */
  readonly atSeconds: number;
  readonly entries: number | undefined;
  readonly limit: number | undefined;
  readonly equilibrium: number | undefined;
  readonly upstream: number | undefined;
  readonly upstreamLimit: number | undefined;
}

/** The observations of the last hour, in order of time. */
export type PageHistory = readonly HistoryPoint[];

export const historySeconds = 3600;

/** Of observations closer together than this only the last is kept, so that an hour has no more than 722. */
const closestSeconds = 5;

/** A clock that was set back begins the time from there on again. */
export function remember(history: PageHistory, present: HistoryPoint): PageHistory {
  const { atSeconds } = present;
  const past = history.filter((one) => one.atSeconds < atSeconds && one.atSeconds >= atSeconds - historySeconds);
  const beforeLast = past.at(-2)?.atSeconds ?? Number.NEGATIVE_INFINITY;
  const lastIsTooClose = (past.at(-1)?.atSeconds ?? beforeLast) - beforeLast < closestSeconds;
  return [...(lastIsTooClose ? past.slice(0, -1) : past), present];
}

/** The history as the charts take it: a list for each value, null where it was not known. */
export type HistoryColumns = Readonly<Record<keyof HistoryPoint, readonly (number | null)[]>>;

export function toColumns(history: PageHistory): HistoryColumns {
  const column = (name: keyof HistoryPoint) => history.map((one) => roundOrNull(one[name]));
  return {
    atSeconds: column('atSeconds'),
    entries: column('entries'),
    limit: column('limit'),
    equilibrium: column('equilibrium'),
    upstream: column('upstream'),
    upstreamLimit: column('upstreamLimit'),
  };
}

function roundOrNull(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value);
}
