import type { Census } from '../../../src/flows/census/census.ts';
import type { Forecast } from '../../../src/flows/forecast/course.ts';
import { forecastTable } from '../../../src/flows/forecast/forecast.ts';
import { observe, type ScanHistory } from '../../../src/flows/forecast/history.ts';
import { outlooksOf } from '../../../src/flows/forecast/outlook.ts';
import { policyTimeoutsOf } from '../../../src/flows/forecast/turnover/custom-timer.ts';
import { createFlowSampler, nextHashesBelow } from '../../../src/flows/forecast/turnover/flow-sampler.ts';
import { followFlows, type Turnover } from '../../../src/flows/forecast/turnover/turnover.ts';
import { type SimulatedTable, timeouts } from '../simulated-table.ts';

export interface Watched extends Forecast {
  readonly at: number;
  readonly entries: number;
  readonly census: Census;
  readonly turnover: Turnover;
  /** What would be forecast with another limit. */
  readonly withLimit: (limit: number) => Forecast;
}

export interface WatchOptions {
  readonly interval?: number;
  readonly flushAt?: number;
  /** Flows read at a time; without it, all. */
  readonly sample?: number;
  readonly stamped?: boolean;
  /** What the clock shows for each interval, where that is something else. */
  readonly clockSeconds?: number;
  readonly changes?: readonly Change[];
}

/** What changes before the first reading at or after a second. */
export interface Change {
  readonly at: number;
  readonly limit?: number;
  readonly timeouts?: ReadonlyMap<string, number>;
  /** The exporter starts again, and has forgotten all it saw. */
  readonly restart?: boolean;
  readonly flush?: boolean;
  /** Seconds by which the clock goes ahead of the table: a machine that was paused, or the other way round. */
  readonly clock?: number;
  /** Seconds without a reading: the process was stopped, or scans failed. */
  readonly unwatched?: number;
}

/** Reads the table every `interval` seconds and reports what was forecast each time. It may be flushed at a time. */
export function watch(
  table: SimulatedTable,
  seconds: number,
  limit: number,
  { interval = 15, flushAt = 0, sample, stamped = false, clockSeconds = interval, changes = [] }: WatchOptions = {},
): Watched[] {
  const forecasts: Watched[] = [];
  let history: ScanHistory = [];
  let evicted = table.evicted();
  let turnover: Turnover | undefined;
  let present = { limit, timeouts, ahead: 0 };
  let due = changes;
  for (let passed = 0; passed < seconds; passed += interval) {
    table.run(interval);
    if (passed === flushAt && flushAt > 0) table.flush();
    for (const change of due.filter(({ at }) => at <= table.seconds())) {
      const { clock = 0, unwatched = 0 } = change;
      table.run(unwatched);
      present = { ...present, ...change, ahead: present.ahead + clock + unwatched };
      if (change.flush) table.flush();
      if (change.restart) [history, turnover] = [[], undefined];
    }
    due = due.filter(({ at }) => at > table.seconds());
    const sampler = createFlowSampler(1, turnover && nextHashesBelow(turnover.sample));
    const policies = policyTimeoutsOf(turnover);
    const census = table.census({
      visit: sampler.add,
      policies,
      stamped,
      timeouts: present.timeouts,
      ...(sample !== undefined && { sample, walked: true }),
    });
    const at = table.seconds();
    const atSeconds = (passed / interval) * clockSeconds + present.ahead;
    const undisturbed = table.evicted() === evicted;
    turnover = followFlows(turnover, {
      ...{ atSeconds, census, sample: sampler.finish(), undisturbed },
      timeouts: present.timeouts,
    });
    const outlooks = outlooksOf(census, turnover);
    const scan = { atSeconds, census, evicted: table.evicted() - evicted, outlooks };
    history = observe(history, scan);
    evicted = table.evicted();
    const known = history;
    const withLimit = (most: number) => forecastTable(scan, most, known);
    forecasts.push({ at, entries: table.count(), census, turnover, withLimit, ...withLimit(present.limit) });
  }
  return forecasts;
}
