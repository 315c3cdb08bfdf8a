import { judge, type Memory } from '../../flows/classification/judge.ts';
import { judgeSources, type SourceJudgement, type SourceMemory } from '../../flows/classification/sources.ts';
import { counterIncrease } from '../../flows/counter-increase.ts';
import { addForecast, type TimedForecast } from '../../flows/forecast/agreement.ts';
import type { Forecast } from '../../flows/forecast/course.ts';
import {
  addScan,
  endingAfter,
  type FalseAlarms,
  noFalseAlarms,
  secondsToEnd,
} from '../../flows/forecast/false-alarms.ts';
import { forecastTable } from '../../flows/forecast/forecast.ts';
import { observe, type ScanHistory } from '../../flows/forecast/history.ts';
import { outlooksOf } from '../../flows/forecast/outlook.ts';
import { followFlows, type Turnover } from '../../flows/forecast/turnover/turnover.ts';
import type { Sample } from '../../scrape/metric.ts';
import { sampleArrivals, sampleFindings, sampleForecast } from './samples.ts';
import type { TableScan } from './table-scan.ts';

/** What one scan hands on to the next. */
export interface Past {
  readonly history: ScanHistory;
  readonly forecasts: readonly TimedForecast[];
  readonly falseAlarms: FalseAlarms;
  readonly memory: Memory;
  readonly sourceMemory: SourceMemory;
  readonly before: Pick<TableScan, 'atSeconds' | 'counters'> | undefined;
  readonly turnover: Turnover | undefined;
}

/** Before the first scan. */
export const noPast: Past = {
  history: [],
  forecasts: [],
  falseAlarms: noFalseAlarms,
  memory: new Map(),
  sourceMemory: new Map(),
  before: undefined,
  turnover: undefined,
};

export interface Interpretation {
  readonly present: Past;
  readonly samples: readonly Sample[];
  readonly judgedSources: SourceJudgement['judged'];
}

/** Looks at a scan in the light of those before. */
export function interpretScan(scan: TableScan, past: Past): Interpretation {
  const { history, memory, sourceMemory, before } = past;
  const { census, atSeconds, limit, counters, directReturnServers, sample, timeouts } = scan;
  const increase = (column: string) => increaseOf(column, before?.counters, counters);
  const evicted = (increase('early_drop') ?? 0) + (increase('drop') ?? 0);
  const turnover = followFlows(past.turnover, { atSeconds, sample, census, timeouts, undisturbed: evicted === 0 });
  const present = { atSeconds, census, evicted, outlooks: outlooksOf(census, turnover) };
  const observed = observe(history, present);
  const { forecast, falseAlarms } = withoutFalseAlarms(scan, forecastTable(present, limit, observed), past);
  const forecasts = addForecast(past.forecasts, { atSeconds, fullInSeconds: forecast.fullInSeconds });
  const circumstances = {
    elapsedSeconds: before && atSeconds > before.atSeconds ? atSeconds - before.atSeconds : undefined,
    invalidPackets: increase('invalid'),
    directReturnServers,
  };
  const judgement = judge(memory, census, circumstances);
  const sources = judgeSources(sourceMemory, census);
  return {
    present: {
      history: observed,
      forecasts,
      falseAlarms,
      memory: judgement.memory,
      sourceMemory: sources.memory,
      before: { atSeconds, counters },
      turnover,
    },
    judgedSources: sources.judged,
    samples: [
      ...sampleArrivals(census, turnover),
      ...sampleForecast(forecast, forecasts),
      ...sampleFindings(judgement.findings),
    ],
  };
}

function withoutFalseAlarms(
  { atSeconds, census, limit }: TableScan,
  forecast: Forecast,
  past: Past,
): { readonly forecast: Forecast; readonly falseAlarms: FalseAlarms } {
  const scan = { atSeconds, fullInSeconds: forecast.fullInSeconds, entries: census.count, limit };
  const falseAlarms = addScan(past.falseAlarms, scan);
  const seconds = secondsToEnd(falseAlarms, scan);
  if (seconds === undefined) return { forecast, falseAlarms };
  return { forecast: endingAfter(seconds, forecast, census.count, limit), falseAlarms };
}

function increaseOf(column: string, before: TableScan['counters'], after: TableScan['counters']): number | undefined {
  const [earlier, later] = [before?.get(column), after?.get(column)];
  return earlier && later ? counterIncrease(earlier, later) : undefined;
}
