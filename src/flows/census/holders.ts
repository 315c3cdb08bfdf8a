import { protocolName } from '../../identity/protocol.ts';
import type { Census } from './census.ts';
import type { DestinationTally } from './destination-tally.ts';
import type { SourceTally } from './source-tally.ts';

/** What holds a part of the table. */
export type Holder =
  | { readonly kind: 'destination'; readonly entries: number; readonly destination: DestinationTally }
  | { readonly kind: 'source'; readonly entries: number; readonly source: SourceTally }
  | { readonly kind: 'zone'; readonly entries: number; readonly zone: number }
  | {
      readonly kind: 'state';
      readonly entries: number;
      readonly protocol: string;
      /** Empty for a protocol without states. */
      readonly state: string;
    };

/**
 * The largest holder of whatever kind. A state or a zone nearly always holds more than any destination or source in it,
 * and shows less: the most specific kind counts whose largest holder has at least half as many entries as the largest of
 * all. So one client that scans is named as a source, a service as a destination, and what is spread over both by its
 * zone or state. Undefined for an empty table.
 */
export function largestHolder(census: Census): Holder | undefined {
  const ends = [...largestDestination(census), ...largestSource(census)].sort(byEntries);
  const holders = [...ends, ...largestZone(census), ...largestState(census)];
  const most = Math.max(...holders.map(({ entries }) => entries));
  return holders.find(({ entries }) => entries > 0 && entries >= most / 2);
}

function byEntries(one: Holder, other: Holder): number {
  return other.entries - one.entries;
}

function largestDestination({ destinations, scale }: Census): Holder[] {
  return largest(destinations, ({ counted }) => counted).map((destination) => ({
    kind: 'destination',
    entries: destination.counted * scale,
    destination,
  }));
}

function largestSource({ sources, network, sourceScale }: Census): Holder[] {
  return largest(network ? [network] : sources, ({ counted }) => counted).map((source) => ({
    kind: 'source',
    entries: source.counted * sourceScale,
    source,
  }));
}

/** Zone 0 is that of all flows that no rule gives a zone. */
function largestZone({ zones, scale }: Census): Holder[] {
  const chosen = zones.filter(({ zone }) => zone !== 0);
  return largest(chosen, ({ counted }) => counted).map(({ zone, counted }) => ({
    kind: 'zone',
    entries: counted * scale,
    zone,
  }));
}

function largestState({ classes, scale }: Census): Holder[] {
  const states = new Map<string, { protocol: string; state: string; counted: number }>();
  for (const { protocol, state, entries } of classes) {
    const key = `${protocol} ${state}`;
    const { counted = 0 } = states.get(key) ?? {};
    states.set(key, { protocol: protocolName(protocol), state, counted: counted + entries });
  }
  return largest([...states.values()], ({ counted }) => counted).map(({ protocol, state, counted }) => ({
    kind: 'state',
    entries: counted * scale,
    protocol,
    state,
  }));
}

/** The one with the most, or none of an empty list. */
function largest<T>(all: readonly T[], sizeOf: (one: T) => number): T[] {
  return [...all].sort((one, other) => sizeOf(other) - sizeOf(one)).slice(0, 1);
}
