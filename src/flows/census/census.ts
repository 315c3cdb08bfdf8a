import type { Flow } from '../../identity/flow.ts';
import { sum } from '../arithmetic.ts';
import { estimateLive, type LiveEntries, type TableCount } from '../forecast/live-entries.ts';
import type { Timeouts } from '../timeouts.ts';
import { addToClass, type ClassTally, createClassTallies } from './class-tally.ts';
import { createDestinationTable } from './destination-table.ts';
import { type DestinationTally, tellLargest } from './destination-tally.ts';

export interface CensusOptions {
  readonly timeouts: Timeouts;
  /** Seed of the hashes; take a random number, so that nobody can send packets whose addresses collide. */
  readonly seed?: number;
  /** Destinations counted at a time, 250 bytes of memory each. See {@link Census.missedAtMost}. */
  readonly destinationCapacity?: number;
}

export interface CensusTaker {
  /** Counts one flow. Keeps nothing of it. */
  add(flow: Flow): void;
  /** @param destinations how many of the largest destinations to tell of. */
  finish(table: TableCount, destinations: number): Census;
}

/** The table at one moment. */
export interface Census {
  /** Flows read. */
  readonly counted: number;
  readonly complete: boolean;
  /** Entries that had not expired. */
  readonly live: LiveEntries;
  /** The kernel's count, with those that had. Never less than `live.estimate`. */
  readonly count: number;
  /** Entries that had expired and were not yet removed; undefined when a sample cannot tell. */
  readonly expired: number | undefined;
  /** Entries for each flow read: 1 when all were. */
  readonly scale: number;
  /** Flows read for each entry, 0 to 1. */
  readonly sampledRatio: number;
  readonly classes: readonly ClassTally[];
  /** The destinations with the most unreplied flows first, and of equals those with the most flows. */
  readonly destinations: readonly DestinationTally[];
  /** Flows read of all other destinations. */
  readonly otherDestinations: { readonly counted: number; readonly unreplied: number };
  /** A destination that is not told of, though it is larger than one that is, has at most this many flows read. */
  readonly missedAtMost: number;
}

/** 2 MB, and an error of 2 / 8192 of the flows read, 0.024 %, whatever their number and that of their destinations. */
const defaultCapacity = 8192;

/** Begins to count the flows of one reading. */
export function createCensus({
  timeouts,
  seed = 0,
  destinationCapacity = defaultCapacity,
}: CensusOptions): CensusTaker {
  const classes = createClassTallies(timeouts);
  const destinations = createDestinationTable(destinationCapacity, seed);
  return {
    add(flow) {
      const tally = classes.find(flow);
      destinations.add(flow, tally, addToClass(tally, flow));
    },
    finish(table, largest) {
      const told = tellLargest(destinations, largest, timeouts);
      return takeStock(table, classes.list(), told, destinations.missedAtMost());
    },
  };
}

function takeStock(
  table: TableCount,
  classes: readonly ClassTally[],
  destinations: readonly DestinationTally[],
  missedAtMost: number,
): Census {
  const counted = sum(classes.map((tally) => tally.entries));
  const unreplied = sum(classes.map((tally) => (tally.replied ? 0 : tally.entries)));
  const live = estimateLive(table, counted, sum(classes.map(expiringSoon)), expiringSeconds);
  const count = Math.max(live.estimate, Number.isFinite(table.count) ? table.count : 0);
  const certain = live.atLeast === live.atMost;
  return {
    counted,
    complete: table.complete,
    live,
    count,
    expired: certain ? count - live.estimate : undefined,
    scale: counted === 0 ? 1 : live.estimate / counted,
    sampledRatio: counted === 0 ? 1 : counted / live.estimate,
    classes,
    destinations,
    otherDestinations: {
      counted: counted - sum(destinations.map((destination) => destination.counted)),
      unreplied: unreplied - sum(destinations.map((destination) => destination.unreplied)),
    },
    missedAtMost,
  };
}

/** Entries that expire within this time tell the rate at which entries expired just before. */
const expiringSeconds = 10;

function expiringSoon({ remaining }: ClassTally): number {
  return sum(remaining.subarray(0, expiringSeconds));
}

/**
 * The standard error of a share that was estimated from the flows read, 0 to 1: binomial, with the correction for
 * having read a large part of a finite table. 0 when all of it was read.
 */
export function shareError({ counted, live }: Census, share: number): number {
  if (counted === 0) return 0;
  const unread = Math.max(0, 1 - counted / live.estimate);
  return Math.sqrt((share * (1 - share) * unread) / counted);
}
