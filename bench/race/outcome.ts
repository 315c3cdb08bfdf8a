import type { TimedForecast } from '../../src/flows/forecast/agreement.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import type { Firing } from './promtool.ts';

/** What a run came to. Times are seconds after its onset. */
export interface RaceOutcome {
  /** Undefined when the table was never full. */
  readonly fullAfter: number | undefined;
  readonly maxUsage: number;
  readonly warnings: Notices;
  readonly pages: Notices;
  /** By name. */
  readonly rivals: ReadonlyMap<string, Notices>;
  readonly forecasts: ForecastErrors;
}

/** How far the forecasts were from what came. Those of +Inf are none: an alert that is late shows them. */
export interface ForecastErrors {
  /** Forecasts of a full table, from the onset until it was full. */
  readonly finite: number;
  /** Those that were wrong, by `tolerated` of the time that was left or more: all, if the table was never full. */
  readonly wrong: number;
  /** The largest error, as a part of the time that was left. */
  readonly worst: number;
}

/** What some alerts reported about the table being full. */
export interface Notices {
  /** The first that was right. */
  readonly first: Notice | undefined;
  /** False ones: before the onset, too early to be right, or of a table that does not fill. */
  readonly falseNotices: readonly Notice[];
}

/** An alert that begins to fire. */
export interface Notice {
  readonly alert: string;
  readonly after: number;
}

/** A run as far as it does not depend on rules. */
export interface Circumstances {
  readonly onset: number;
  readonly fullAt: number | undefined;
  readonly maxUsage: number;
  readonly evaluationSeconds: number;
  readonly forecasts: readonly TimedForecast[];
}

export const rivals = ['node-mixin', 'awesome', 'line 1h', 'line 6h'] as const;
/** Rivals that look at nothing but how full the table is. */
export const levelRivals: readonly string[] = ['node-mixin', 'awesome'];

const always = Number.POSITIVE_INFINITY;
const hour = 3600;

/**
 * Alerts on a table that will be full, and within what time. An alert on a level is right however long the table
 * takes to fill. The others (asymmetric flows, a flood) report what is in the table.
 */
const horizons: Readonly<Record<string, number>> = {
  'ConntrackTableFullSoon critical': thresholds.conntrackFullIn.critical,
  'ConntrackTableFullSoon warning': thresholds.conntrackFullIn.warning,
  'ConntrackEquilibriumRising critical': thresholds.conntrackRising.critical.within,
  'ConntrackEquilibriumRising warning': thresholds.conntrackRising.warning.within,
  'ConntrackEquilibriumHigh warning': always,
  'ConntrackTableNearlyFull critical': always,
  'ConntrackTableNearlyFull warning': always,
  'ConntrackTableLeaking warning': thresholds.conntrackLeakFullIn.warning,
  'ConntrackPeakGrowing warning': thresholds.conntrackPeakFullIn.warning,
  'NodeHighNumberConntrackEntriesUsed ': always,
  'HostConntrackLimit ': always,
  'ConntrackFullInFourHours ': 4 * hour,
  'ConntrackFillingUp ': 24 * hour,
  'ConntrackFillingUpFast ': 4 * hour,
};

/** A forecast is right when it took no more than twice as long, or two hours. */
function toleranceOf(horizon: number): number {
  return horizon === 0 ? 0 : Math.max(2 * horizon, 2 * hour);
}

/** Rules that look back have too little data at first, as after any start of Prometheus. What fires then is left out. */
const coldSeconds = 600;

/** @param firings their times are those of the simulation. */
export function judgeRun(firings: readonly Firing[], circumstances: Circumstances): RaceOutcome {
  const { fullAt, onset, maxUsage } = circumstances;
  const judgeWhere = (chosen: (firing: Firing) => boolean) => judge(firings.filter(chosen), circumstances);
  return {
    fullAfter: fullAt === undefined ? undefined : fullAt - onset,
    maxUsage,
    warnings: judgeWhere((one) => one.rival === '' && one.severity === 'warning' && keyOf(one) in horizons),
    pages: judgeWhere((one) => one.rival === '' && one.severity === 'critical'),
    rivals: new Map(rivals.map((rival) => [rival, judgeWhere((one) => one.rival === rival)])),
    forecasts: forecastErrors(circumstances),
  };
}

const tolerated = 0.3;
/** Smaller differences do not count: they are a third of the time between two scans at most. */
const toleratedSeconds = 5;

function forecastErrors({ onset, fullAt, forecasts }: Circumstances): ForecastErrors {
  const finite = forecasts.filter(
    ({ atSeconds, fullInSeconds }) => atSeconds >= onset && atSeconds < (fullAt ?? always) && fullInSeconds < always,
  );
  const errors = finite.map(({ atSeconds, fullInSeconds }) => {
    const left = (fullAt ?? always) - atSeconds;
    const missed = Math.abs(fullInSeconds - left);
    return missed <= toleratedSeconds ? 0 : missed / left;
  });
  return {
    finite: finite.length,
    wrong: fullAt === undefined ? finite.length : errors.filter((error) => error > tolerated).length,
    worst: Math.max(0, ...errors),
  };
}

function keyOf({ alert, severity }: Firing): string {
  return `${alert} ${severity}`;
}

function judge(firings: readonly Firing[], circumstances: Circumstances): Notices {
  const { onset, evaluationSeconds } = circumstances;
  const stretches = firings.flatMap((firing) => {
    const since = rightSince(firing, circumstances);
    return stretchesOf(firing, evaluationSeconds).map((stretch) => ({ ...stretch, alert: firing.alert, since }));
  });
  const right = stretches.filter(({ to, since }) => to >= since);
  const [first] = right.map(({ alert, from, since }) => ({ alert, after: Math.max(from, since) - onset })).sort(byTime);
  const falseNotices = stretches.filter(({ to, since }) => to < since);
  return { first, falseNotices: falseNotices.map(({ alert, from }) => ({ alert, after: from - onset })).sort(byTime) };
}

/** From when on an alert is right: never, when the table does not fill. */
function rightSince(firing: Firing, { onset, fullAt }: Circumstances): number {
  return fullAt === undefined ? always : Math.max(onset, fullAt - toleranceOf(horizons[keyOf(firing)] ?? 0));
}

function byTime(one: Notice, other: Notice): number {
  return one.after - other.after;
}

/** An alert fires from one evaluation to another. */
function stretchesOf(firing: Firing, evaluationSeconds: number): { from: number; to: number }[] {
  const at = firing.at.filter((time) => time >= coldSeconds);
  const begins = at.filter(
    (time, index) => time - (at[index - 1] ?? Number.NEGATIVE_INFINITY) > 1.5 * evaluationSeconds,
  );
  return begins.map((from, index) => ({
    from,
    to: at.findLast((time) => time < (begins[index + 1] ?? always)) ?? from,
  }));
}
