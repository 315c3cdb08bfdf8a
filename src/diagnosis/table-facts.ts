import type { Verdict } from '../flows/classification/verdict-kinds.ts';
import type { Subject } from './finding.ts';

type Unit =
  | 'Entries'
  | 'Lines'
  | 'Flows'
  | 'Packets'
  | 'Connections'
  | 'Advertisements'
  | 'Buckets'
  | 'Ports'
  | 'Servers'
  | 'Services'
  | 'Rules'
  | 'Destinations'
  | 'Instances'
  | 'Namespaces'
  | 'Restarts'
  | 'Weight'
  | 'Setting'
  | 'Ratio'
  | 'Bytes'
  | 'Seconds'
  | 'PerSecond';
type WithUnit<Name extends string> = Name extends `${string}${Unit}` ? Name : never;

/** Numbers that are always there, and those that may not be known. Each name ends with its unit; ratios are 0 to 1. */
export type Numbers<Known extends string, Unknown extends string = never> = {
  readonly [Name in WithUnit<Known>]: number;
} & { readonly [Name in WithUnit<Unknown>]?: number };

export interface Facts<N, D = object> {
  readonly numbers: N;
  readonly details: D;
}

/** Flows and packets are those since the reading before, about ten seconds. */
export type TableFacts = Facts<
  Numbers<
    'presentEntries' | 'limitEntries' | 'usedRatio' | 'evictedFlows' | 'droppedPackets',
    'settlesEntries' | 'fullInSeconds' | 'evictedPerSecond' | 'droppedPerSecond' | 'unrepliedEntries'
  >,
  {
    readonly culprits: readonly Culprit[];
    /** The state that at least half of all entries are in. */
    readonly dominant?: DominantState;
    /** A source that scans and holds a good part of the table. */
    readonly scanner?: Scanner;
    /** An address with at least half of all entries, without a reply and at many of its ports. */
    readonly target?: FloodedAddress;
    /** A source that opened at least half of all entries, and does not scan. */
    readonly opener?: Scanner;
  }
>;

export interface FloodedAddress {
  readonly subject: Subject;
  readonly numbers: Numbers<'unrepliedEntries'>;
}

export interface Scanner extends ScanFacts {
  readonly subject: Subject;
}

export type ScanFacts = Facts<
  Numbers<'presentEntries' | 'unrepliedEntries' | 'targetDestinations' | 'arrivalsPerSecond', 'limitEntries'>,
  /** `isOwn`: the address is one of this host. `sendsReplies`: only its replies pass this host. */
  { readonly zone: string; readonly isOwn: boolean; readonly sendsReplies?: true }
>;

export interface DominantState {
  readonly protocol: string;
  /** As conntrack prints it; empty for a protocol without states. */
  readonly state: string;
  /** That at least half of these entries go to. */
  readonly port?: string;
  /** The timer of most of these entries, as sysctl names it. */
  readonly setting: string;
  /** Entries are idle without a packet for half of a long timer or a day. The longest time left is that of a single entry. */
  readonly numbers: Numbers<'presentEntries', 'timerSeconds' | 'idleEntries' | 'longestLeftSeconds'>;
}

/** A destination that holds a notable part of a table. */
export interface Culprit {
  readonly subject: Subject;
  /** Undefined if it cannot be determined. */
  readonly verdict: Verdict | undefined;
  readonly numbers: DestinationNumbers;
}

type DestinationNumbers = Numbers<
  'presentEntries' | 'unrepliedEntries' | 'arrivalsPerSecond',
  'limitEntries' | 'invalidPackets' | 'invalidPerSecond'
>;

export type DestinationFacts = Facts<DestinationNumbers, { readonly verdict: Verdict }>;

export type BucketFacts = Facts<Numbers<'limitEntries' | 'presentBuckets' | 'refusedFlows'>>;
