import type { Readings } from '../../readings/readings.ts';
import { readUpstreamDemand } from '../../readings/upstream-demand.ts';
import { readUpstreamLimit } from '../../readings/upstream-limit.ts';

/** The entries that a director needs in the table of the stateful hop upstream. */
export interface UpstreamNeed {
  /** New connections whose answers the hop does not see; undefined where the counters cannot be read. */
  readonly perSecond: number | undefined;
  /** Entries that they keep in the hop's table. */
  readonly entries: number | undefined;
  /** What the hop may have, if one was given. 0 is no limit. */
  readonly limit: number | undefined;
}

/** Undefined on a machine without services that answer past it. */
export function readUpstreamNeed(readings: Readings): UpstreamNeed | undefined {
  const demand = readUpstreamDemand(readings);
  if (demand === undefined) return undefined;
  const { perSecond, entries } = demand.total ?? {};
  const configured = readUpstreamLimit(readings, entries);
  return { perSecond, entries, limit: configured === 0 ? undefined : configured };
}
