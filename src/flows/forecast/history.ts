import { scanIntervalSeconds } from '../../identity/scan-interval.ts';
import { sum } from '../arithmetic.ts';
import { type Census, shareError } from '../census/census.ts';
import { gcIntervalSeconds } from './live-entries.ts';
import type { Outlook } from './outlook.ts';
import { withoutPause } from './pause.ts';

/** What one scan leaves behind for those after it. */
export interface ScanRecord {
  readonly atSeconds: number;
  readonly live: number;
  /** Entries that are expected to stay, and the standard error of that number. */
  readonly staying: number;
  readonly stayingError: number;
  /** Entries that the kernel evicted, and packets it dropped, because the table was full, since the scan before. */
  readonly evicted: number;
  /** Seconds for which expired entries had been kept; undefined when that could not be determined. */
  readonly lagSeconds: number | undefined;
  /** True when the scan removed all of them, as one does that walks the whole table. */
  readonly removedExpired: boolean;
}

/** Observations, the oldest first: of the last hour, and none from before the table was emptied. */
export type ScanHistory = readonly ScanRecord[];

/** A scan, as it is added to the history. */
export interface ForecastScan {
  /** Any clock that is not set back. */
  readonly atSeconds: number;
  readonly census: Census;
  /** Increase of early_drop and drop since the scan before, 0 for the first. */
  readonly evicted: number;
  /** Of the classes of the census. */
  readonly outlooks: readonly Outlook[];
}

/** Adds a scan. A table that lost half its entries between two scans was emptied: what was before shows nothing now. */
export function observe(history: ScanHistory, scan: ForecastScan): ScanHistory {
  const observation = observationOf(scan);
  const last = history.at(-1);
  const broken =
    last !== undefined &&
    (observation.live < last.live / 2 ||
      !(observation.atSeconds > last.atSeconds && isRecent(last, observation, maxGap)));
  const known = broken ? [] : withoutPause(history, observation);
  const kept = known.filter((past) => isRecent(past, observation, maxHistory));
  return [...kept.slice(-maxObservations), observation];
}

const maxHistory = 3840;
const maxGap = 600;
const maxObservations = 800;

function isRecent(past: ScanRecord, now: ScanRecord, seconds: number): boolean {
  return now.atSeconds - past.atSeconds <= seconds;
}

function observationOf({ atSeconds, census, evicted, outlooks }: ForecastScan): ScanRecord {
  const staying = sum(outlooks.map((outlook) => outlook.staying));
  const live = census.live.estimate;
  const uncertainty = (census.live.atMost - census.live.atLeast) / 2;
  const share = live > 0 ? Math.min(1, staying / live) : 0;
  return {
    atSeconds,
    live,
    staying,
    stayingError: Math.hypot(shareError(census, share) * live, share * uncertainty),
    evicted: Math.max(0, evicted),
    lagSeconds: lagOf(census, outlooks),
    removedExpired: census.expired !== undefined,
  };
}

/** Too few to show how long they were kept. */
const fewExpired = 20;

/** Expired entries divided by the rate at which entries are about to expire, which was the rate just before. */
function lagOf({ expired }: Census, outlooks: readonly Outlook[]): number | undefined {
  const expiring = sum(outlooks.map((outlook) => sum(outlook.expiring.subarray(0, rateSeconds))));
  if (expired === undefined || expiring < fewExpired) return undefined;
  return Math.min(gcIntervalSeconds, expired / (expiring / rateSeconds));
}

const rateSeconds = 10;

/** Scans that it takes to have met the garbage collector at its longest pause, or nearly. */
const enoughScans = 8;

/**
 * How long expired entries are kept at most: no longer than the kernel's 60 s, than the time between two scans that
 * remove them too, and, once enough was seen, than they were ever found to be.
 */
export function maxLag(history: ScanHistory): number {
  const recent = history.slice(-2 * enoughScans);
  const lags = recent.flatMap(({ lagSeconds }) => lagSeconds ?? []);
  const seen = lags.length < enoughScans ? gcIntervalSeconds : longest(lags);
  return Math.min(gcIntervalSeconds, maxPause(recent), seen);
}

function maxPause(recent: ScanHistory): number {
  if (!recent.every(({ removedExpired }) => removedExpired)) return gcIntervalSeconds;
  if (recent.length < 2) return scanIntervalSeconds;
  return longest(recent.slice(1).map(({ atSeconds }, index) => atSeconds - (recent[index]?.atSeconds ?? 0)));
}

/** But for one of many: a scan that failed, or a machine that was paused, is no rule. */
function longest(seconds: readonly number[]): number {
  const [most = 0, next = most] = seconds.toSorted((one, other) => other - one);
  return seconds.length < enoughScans ? most : next;
}
