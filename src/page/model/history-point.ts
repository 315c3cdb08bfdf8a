import { readOwnNumbers } from '../../readings/readings.ts';
import { readTable } from '../../readings/table.ts';
import { demandMetrics } from '../../readings/upstream-demand.ts';
import { listSamples, type SamplePart } from '../../scrape/columns.ts';
import type { Metric } from '../../scrape/metric.ts';
import type { HistoryPoint } from './history.ts';
import { comparable } from './status.ts';
import { readUpstreamNeed } from './upstream-need.ts';

/** What the runner gave at a moment, which is described only when a reader asks for it. */
export interface NotedParts {
  /** Unix time. */
  readonly atSeconds: number;
  readonly parts: readonly SamplePart[];
}

/** Of a large table, which comes as columns. */
const shown: ReadonlySet<Metric> = new Set(demandMetrics);
const isShown = (metric: Metric) => shown.has(metric);

/** What the charts show of these notes. It is computed for each, so nothing else of the page is. */
export function toHistoryPoint(noted: NotedParts, last: NotedParts | undefined): HistoryPoint {
  const before = comparable(noted, last);
  const own = readOwnNumbers(listSamples(noted.parts, isShown), before && listSamples(before.parts, isShown));
  const table = readTable(own);
  const upstream = readUpstreamNeed(own);
  return {
    atSeconds: noted.atSeconds,
    entries: table?.entries,
    limit: table && table.limit > 0 ? table.limit : undefined,
    equilibrium: table?.equilibrium,
    upstream: upstream?.entries,
    upstreamLimit: upstream?.limit,
  };
}
