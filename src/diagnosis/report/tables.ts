import { conntrackDropTotal, conntrackEarlyDropTotal } from '../../collectors/conntrack-metrics.ts';
import { known } from '../../readings/known.ts';
import type { Readings } from '../../readings/readings.ts';
import { readTable } from '../../readings/table.ts';

/** Numbers on a table. What is not known is left out; so is `fullInSeconds` of a table that will not be full. */
export interface ReportedTable {
  /** Absent for the exporter's own network namespace. */
  readonly namespace?: string;
  readonly presentEntries: number;
  /** 0 is no limit. */
  readonly limitEntries: number;
  readonly settlesEntries?: number;
  readonly fullInSeconds?: number;
  readonly evictedPerSecond?: number;
  readonly droppedPerSecond?: number;
}

export function reportTable(readings: Readings): ReportedTable[] {
  const table = readTable(readings);
  if (table === undefined) return [];
  const { entries, limit, equilibrium, fullInSeconds } = table;
  return [
    {
      ...(readings.netns !== undefined && { namespace: readings.netns }),
      presentEntries: entries,
      limitEntries: limit,
      ...known({
        settlesEntries: equilibrium,
        fullInSeconds: Number.isFinite(fullInSeconds) ? fullInSeconds : undefined,
        evictedPerSecond: readings.perSecond(conntrackEarlyDropTotal),
        droppedPerSecond: readings.perSecond(conntrackDropTotal),
      }),
    },
  ];
}
