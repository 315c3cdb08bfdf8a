import type { Forecast } from './course.ts';

/**
 * Bursts that came to nothing. A job that opens connections for 30 s every hour looks like a load that stays, every hour
 * again. A burst is expected to last as long as one like it did before, unless the table would be full by then, or nearly.
 * A longer rise is expected to come as far as one did before.
 */
export interface FalseAlarms {
  readonly past: readonly Burst[];
  /** Longer rises, that a pool of connections or a job of an hour makes. */
  readonly rises: readonly Burst[];
  /** The one that goes on, or that may have ended just now. */
  readonly present: Burst | undefined;
}

/** Scans in a row that foretell a full table, and the soonest that they do. */
interface Burst {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly fullInSeconds: number;
  /** The most that the table held. */
  readonly maxEntries: number;
  /** Whether a scan after it foretold nothing. */
  readonly paused?: boolean;
  /** Whether the table was clearly below its most since then. */
  readonly fell?: boolean;
}

export const noFalseAlarms: FalseAlarms = { past: [], rises: [], present: undefined };

export interface ForetellingScan {
  readonly atSeconds: number;
  /** 0 if the table is full, Infinity if it does not fill. */
  readonly fullInSeconds: number;
  readonly entries: number;
  readonly limit: number;
}

/** Longer ones are no bursts, and neither are those that would take longer to fill the table. */
const maxBurstSeconds = 120;
const maxFullIn = 300;

/** How long after its last scan a burst is over, if a scan came after it: they may be as far apart. */
const quietSeconds = 30;

/** The part of its most below which a table must be for a rise to have ended. */
const fallsTo = 0.9;

/** A burst of every day is known. */
const memorySeconds = 26 * 3600;
const maxPast = 20;

/** Adds a scan. A table that is full shows that what went before was no false alarm. */
export function addScan(
  { past, rises, present }: FalseAlarms,
  { atSeconds, fullInSeconds, entries }: ForetellingScan,
): FalseAlarms {
  if (fullInSeconds === 0) return noFalseAlarms;
  const isQuiet = fullInSeconds === Number.POSITIVE_INFINITY;
  const isOver = present !== undefined && (isQuiet || present.paused) && atSeconds - present.toSeconds > quietSeconds;
  const ended = isOver ? present : undefined;
  const remember = (known: readonly Burst[], one: Burst | undefined) =>
    (one ? [...known, one].slice(-maxPast) : known).filter(({ toSeconds }) => atSeconds - toSeconds <= memorySeconds);
  const kept = {
    past: remember(past, ended && isBurst(ended) ? ended : undefined),
    rises: remember(rises, ended && !isBurst(ended) ? ended : undefined).map((rise) =>
      entries < fallsTo * rise.maxEntries ? { ...rise, fell: true } : rise,
    ),
  };
  const before = isOver ? undefined : present;
  if (isQuiet) return { ...kept, present: before && { ...before, paused: true } };
  return {
    ...kept,
    present: {
      fromSeconds: before?.fromSeconds ?? atSeconds,
      toSeconds: atSeconds,
      fullInSeconds: Math.min(fullInSeconds, before?.fullInSeconds ?? fullInSeconds),
      maxEntries: Math.max(entries, before?.maxEntries ?? 0),
    },
  };
}

function isBurst({ fromSeconds, toSeconds, fullInSeconds }: Burst): boolean {
  return toSeconds - fromSeconds <= maxBurstSeconds && fullInSeconds <= maxFullIn;
}

/** A burst that is stronger than those before by more is another one. */
const likeness = 0.7;

/** Time that is left to act on, if a burst does not end where those before did. */
const leadSeconds = 30;

/** One like so many before is expected to end as they did if the table then still has room for a part of its time. */
const usualBursts = 2;
const usualRoom = { part: 0.25, seconds: 5 };

/** The seconds after which the rise of the scan that was added last is expected to end, like one before, in time. */
export function secondsToEnd(
  { past, rises, present }: FalseAlarms,
  { atSeconds, fullInSeconds, entries, limit }: ForetellingScan,
): number | undefined {
  if (present === undefined || !Number.isFinite(fullInSeconds)) return undefined;
  const elapsed = atSeconds - present.fromSeconds;
  const alike = past.filter((one) => fullInSeconds >= likeness * one.fullInSeconds);
  const higher = rises.filter((one) => one.fell && one.maxEntries > entries);
  const ends = [
    ...alike
      .map((one) => one.toSeconds - one.fromSeconds - elapsed)
      .filter((secondsLeft) => secondsLeft >= 0 && fullInSeconds >= secondsLeft + roomAfter(secondsLeft, alike.length)),
    ...higher
      .map((one) => (fullInSeconds * (one.maxEntries - entries)) / (limit - entries))
      .filter((secondsLeft) => fullInSeconds >= secondsLeft + roomAfterRise(higher.length)),
  ];
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function roomAfter(secondsLeft: number, bursts: number): number {
  return bursts < usualBursts ? leadSeconds : Math.min(leadSeconds, usualRoom.seconds + usualRoom.part * secondsLeft);
}

/** Time that is left to act on if a rise goes on beyond the most that earlier ones came to, one or several. */
const usualRises = 3;
const riseLeadSeconds = { one: 300, usual: 60 };

function roomAfterRise(rises: number): number {
  return rises < usualRises ? riseLeadSeconds.one : riseLeadSeconds.usual;
}

/** What to expect of a table that would fill, if the burst ends after so many seconds: as much of the way as that takes. */
export function endingAfter(seconds: number, { fullInSeconds }: Forecast, entries: number, limit: number): Forecast {
  return {
    equilibriumEntries: entries + (limit - entries) * (seconds / fullInSeconds),
    fullInSeconds: Number.POSITIVE_INFINITY,
  };
}
