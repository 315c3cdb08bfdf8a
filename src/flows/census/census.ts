import type { Flow } from '../../identity/flow.ts';
import { sum } from '../arithmetic.ts';
import { estimateLive, type LiveEntries, type TableCount } from '../forecast/live-entries.ts';
import { noPolicies, type PolicyTimeouts, type Timeouts } from '../timeouts.ts';
import { addToClass, type ClassTally, createClassTallies } from './class-tally.ts';
import { type DestinationTally, largestDestinations, openingTimeout } from './destination-tally.ts';
import { createHolderTables, type HolderLimits } from './holder-tables.ts';
import {
  type FloodedTally,
  largestSources,
  minOpeningSeconds,
  type SourceTally,
  scatteredNetwork,
  scatteredTarget,
} from './source-tally.ts';
import type { ZoneTally } from './zone-table.ts';

export interface CensusOptions {
  readonly timeouts: Timeouts;
  /** Known from the readings before. */
  readonly policies?: PolicyTimeouts;
  /** Seed of the hashes; take a random number, so that a sender cannot choose addresses that collide. */
  readonly seed?: number;
  /** How many destinations and sources are counted at a time. See {@link Census.missedAtMost}. */
  readonly limits?: HolderLimits;
}

export interface CensusTaker {
  /** Counts one flow. Keeps nothing of it. */
  add(flow: Flow): void;
  /** @param largest number of destinations to list, and of sources. */
  finish(table: TableCount, largest: number): Census;
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
  /** Entries that had expired and were not yet removed; undefined for a sample. */
  readonly expired: number | undefined;
  /** Entries for each flow read: 1 when all were. */
  readonly scale: number;
  /** Flows read for each entry, 0 to 1. */
  readonly sampledRatio: number;
  readonly classes: readonly ClassTally[];
  /** The destinations with the most flows and those with the most unreplied flows, in turns. */
  readonly destinations: readonly DestinationTally[];
  /** Flows read of all other destinations. */
  readonly otherDestinations: { readonly counted: number; readonly unreplied: number };
  /** A destination that is left out although it is larger than one that is exported has at most this many flows read. */
  readonly missedAtMost: number;
  /** The sources with the most flows and those with the most new flows, in turns. */
  readonly sources: readonly SourceTally[];
  /** A /64 of IPv6 whose many addresses together have twice the flows of any source: its address ends with `/64`. */
  readonly network: SourceTally | undefined;
  /** The address with the most unreplied flows, if they go to many of its ports. */
  readonly target: FloodedTally | undefined;
  /** Entries for each flow that the sources were counted of. */
  readonly sourceScale: number;
  /** All zones with flows, that with the most first. */
  readonly zones: readonly ZoneTally[];
  /** How far back the flows of a zone, of all protocols, show how many came. */
  readonly horizonSeconds: number;
}

/** 3 MB, and for destinations an error of 2 / 8192 of the flows read, 0.024 %, whatever their number and that of their destinations. */
const defaultLimits: HolderLimits = {
  destinations: 8192,
  sources: 2048,
  networks: 256,
  targets: 1024,
  sourceFlows: 200_000,
};

/** Begins to count the flows of one reading. */
export function createCensus({
  timeouts,
  policies = noPolicies,
  seed = 0,
  limits = defaultLimits,
}: CensusOptions): CensusTaker {
  const classes = createClassTallies(timeouts, policies);
  const holders = createHolderTables(limits, seed);
  return {
    add(flow) {
      const tally = classes.find(flow);
      holders.add(flow, tally, addToClass(tally, flow));
    },
    finish(table, largest) {
      const openingSeconds = (protocol: number) => openingTimeout(protocol, timeouts, policies);
      const minOpening = minOpeningSeconds(openingSeconds);
      const stock = takeStock(
        table,
        classes.list(),
        largestDestinations(holders.destinations, largest, openingSeconds),
      );
      const sourceFlows = holders.sourceFlows();
      const sources = largestSources(holders.sources, largest, minOpening);
      return {
        ...stock,
        missedAtMost: holders.destinations.missedAtMost(),
        sources,
        network: scatteredNetwork(holders.networks, sources, minOpening),
        target: scatteredTarget(holders.targets, stock.destinations),
        sourceScale: sourceFlows === 0 ? 1 : stock.live.estimate / sourceFlows,
        zones: holders.zones.list(),
        horizonSeconds: minOpening,
      };
    },
  };
}

function takeStock(
  table: TableCount,
  classes: readonly ClassTally[],
  destinations: readonly DestinationTally[],
): Omit<Census, 'missedAtMost' | 'sources' | 'network' | 'target' | 'sourceScale' | 'zones' | 'horizonSeconds'> {
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
  };
}

/** Entries that expire within this time show the rate at which entries expired just before. */
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
