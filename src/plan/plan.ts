import { sum } from '../flows/arithmetic.ts';
import { type Load, staySeconds, type Timers } from './load.ts';
import { limitFor, tableMemory } from './sizing.ts';

/** What a load makes of a connection tracking table. */
export interface TablePlan {
  readonly loads: readonly PlannedLoad[];
  /** Live entries, once the load has lasted long enough. */
  readonly liveEntries: number;
  /** The most that nf_conntrack_count gets to: with those that have expired and wait for the garbage collector. */
  readonly maxEntries: number;
  /** With a reserve of a half. */
  readonly limit: number;
  readonly buckets: number;
  /** Of a full table. */
  readonly memoryBytes: number;
  /** What becomes of the table that is there; undefined where its limit is not known. */
  readonly present: PresentTable | undefined;
}

export interface PlannedLoad extends Load {
  readonly liveEntries: number;
  readonly maxEntries: number;
}

export interface PresentTable {
  /** Infinity if there is none. */
  readonly limit: number;
  /** New entries a second. */
  readonly entriesPerSecond: number;
  /** From empty; Infinity if it does not fill. */
  readonly fullAfterSeconds: number;
  /** How many times this load it carries. */
  readonly timesTheLoad: number;
}

/** @param presentLimit nf_conntrack_max of the table that is there; 0 is no limit. */
export function planTable(loads: readonly Load[], timers: Timers, presentLimit: number | undefined): TablePlan {
  const planned = loads.map((load): PlannedLoad => {
    const stay = staySeconds(load, timers);
    return { ...load, liveEntries: load.perSecond * stay, maxEntries: load.perSecond * (stay + timers.lag) };
  });
  const maxEntries = sum(planned.map((load) => load.maxEntries));
  const limit = limitFor(maxEntries);
  return {
    loads: planned,
    liveEntries: sum(planned.map((load) => load.liveEntries)),
    maxEntries,
    limit,
    buckets: limit,
    memoryBytes: tableMemory(limit, limit),
    present:
      presentLimit === undefined
        ? undefined
        : foresee(loads, timers, maxEntries, presentLimit || Number.POSITIVE_INFINITY),
  };
}

function foresee(loads: readonly Load[], timers: Timers, maxEntries: number, limit: number): PresentTable {
  const inflows = loads.map((load) => ({
    perSecond: load.perSecond,
    seconds: staySeconds(load, timers) + timers.lag,
  }));
  return {
    limit,
    entriesPerSecond: sum(loads.map(({ perSecond }) => perSecond)),
    fullAfterSeconds: maxEntries < limit ? Number.POSITIVE_INFINITY : secondsUntil(limit, inflows),
    timesTheLoad: maxEntries === 0 ? Number.POSITIVE_INFINITY : limit / maxEntries,
  };
}

interface Inflow {
  readonly perSecond: number;
  /** Until an entry is removed. */
  readonly seconds: number;
}

/** From an empty table on, entries rise in a straight line that bends where those of a load begin to be removed. */
function secondsUntil(limit: number, inflows: readonly Inflow[]): number {
  const entriesAt = (time: number) => sum(inflows.map(({ perSecond, seconds }) => perSecond * Math.min(time, seconds)));
  const bends = inflows.map(({ seconds }) => seconds).sort((one, other) => one - other);
  const index = bends.findIndex((time) => entriesAt(time) >= limit);
  const [from, to] = [bends[index - 1] ?? 0, bends[index] ?? 0];
  const [before, after] = [entriesAt(from), entriesAt(to)];
  return from + ((limit - before) / (after - before)) * (to - from);
}
