import { sum } from '../arithmetic.ts';
import type { Census } from '../census/census.ts';
import type { FlowTarget } from '../census/destination-key.ts';
import type { DestinationTally } from '../census/destination-tally.ts';
import { sinceSeconds } from '../forecast/arrival-columns.ts';
import { countSince } from '../forecast/arrival-rate.ts';
import { destinationArrivals } from '../forecast/arrivals.ts';

/** The evidence for a verdict, in addition to the census. */
export interface Circumstances {
  /** Since the scan before; undefined for the first. */
  readonly elapsedSeconds: number | undefined;
  /** Increase of the counter `invalid` of the network namespace since the scan before; undefined where not known. */
  readonly invalidPackets: number | undefined;
  /** Virtual servers whose real servers are known to answer past this machine. */
  readonly directReturnServers: readonly Omit<FlowTarget, 'zone'>[];
}

/** Evidence for and against a verdict on a destination. Entries are those of the table, estimated from a sample. */
export interface Evidence {
  /** Flows read: how much evidence there is. */
  readonly counted: number;
  readonly entries: number;
  /** Of all live entries, 0 to 1. */
  readonly tableShare: number;
  readonly unrepliedShare: number;
  /** Flows read that are unreplied and went on, and in which states. */
  readonly oneWay: number;
  readonly oneWayStates: readonly string[];
  /** Share of flows in SYN_RECV. */
  readonly unconfirmedShare: number;
  /** Share of flows whose addresses or ports are translated. */
  readonly translatedShare: number;
  /** Share of flows without a packet for half of a long timer or a day. */
  readonly idleShare: number;
  /**
   * Whether those really were silent for so long: the most time that one of them has left passes as time does. Where it
   * stays the same, their timer is shorter than the kernel's setting, by a policy of its own (nft `ct timeout`).
   */
  readonly isAging: boolean;
  /** Distinct sources of unreplied and unconfirmed flows, and how many there are for each such flow: 1 if all differ. */
  readonly sources: number;
  readonly sourcesPerFlow: number;
  readonly arrivalsPerSecond: number;
  /** Flows that began since the scan before, estimated for the table; undefined in the first scan. */
  readonly newFlows: number | undefined;
  /** All invalid packets since then for each of `newFlows`. Some may be others': a destination has this many at most. */
  readonly invalidPerNewFlow: number | undefined;
  /**
   * The same for each new one-way flow to this address in this zone, whatever the port: how answers travel is a
   * property of the address. And the share of this address in all new one-way TCP flows: only when it is nearly all
   * do the invalid packets belong to it.
   */
  readonly invalidPerNewFlowOfAddress: number | undefined;
  readonly addressShareOfNewFlows: number | undefined;
  /**
   * All invalid packets for each new one-way TCP flow of the table, where those are enough; and the share of this
   * destination in all one-way TCP flows. Only when it has nearly all of them do the invalid packets belong to it.
   */
  readonly invalidPerNewOneWayFlow: number | undefined;
  readonly shareOfOneWayFlows: number | undefined;
  readonly isDirectReturnServer: boolean;
}

/** Fewer new flows are not enough to compare a counter of all destinations with. */
export const fewNewFlows = 20;

export function gatherEvidence(
  census: Census,
  destination: DestinationTally,
  { elapsedSeconds, invalidPackets, directReturnServers }: Circumstances,
  isAging: boolean,
): Evidence {
  const { counted, unreplied, unconfirmed, translated, idle, sources } = destination;
  const entries = counted * census.scale;
  const newFlows = newFlowsOf(census, [destination], elapsedSeconds);
  const ofAddress = newFlowsOf(census, oneWayOfAddress(census, destination), elapsedSeconds);
  return {
    counted,
    entries,
    tableShare: ratio(entries, census.live.estimate) ?? 0,
    unrepliedShare: ratio(unreplied, counted) ?? 0,
    oneWay: destination.oneWay,
    oneWayStates: destination.oneWayStates,
    unconfirmedShare: ratio(unconfirmed, counted) ?? 0,
    translatedShare: ratio(translated, counted) ?? 0,
    idleShare: ratio(idle, counted) ?? 0,
    isAging,
    sources,
    sourcesPerFlow: Math.min(1, ratio(sources, unreplied + unconfirmed) ?? 0),
    arrivalsPerSecond: destinationArrivals(census, destination).perSecond,
    newFlows,
    invalidPerNewFlow: ratio(invalidPackets, newFlows),
    invalidPerNewFlowOfAddress: ratio(invalidPackets, ofAddress),
    addressShareOfNewFlows: ratio(ofAddress, newOneWayFlows(census, elapsedSeconds)),
    invalidPerNewOneWayFlow: perFlow(invalidPackets, newOneWayFlows(census, elapsedSeconds)),
    shareOfOneWayFlows: destination.protocol === 'tcp' ? ratio(unreplied, countOneWay(census)) : undefined,
    isDirectReturnServer: directReturnServers.some((server) => isAt(server, destination)),
  };
}

/** A destination is one-way when most of its flows are unreplied. */
function oneWayOfAddress(census: Census, { protocol, address, zone }: DestinationTally): DestinationTally[] {
  return census.destinations.filter(
    (other) =>
      other.protocol === protocol &&
      other.address === address &&
      other.zone === zone &&
      other.unreplied > other.counted / 2,
  );
}

function newOneWayFlows({ classes, scale }: Census, elapsedSeconds: number | undefined): number | undefined {
  const oneWay = classes.filter(({ protocol, replied }) => protocol === 6 && !replied);
  const counts = oneWay.map(({ arrivals, timeoutSeconds }) => newIn(arrivals, timeoutSeconds, elapsedSeconds));
  return elapsedSeconds === undefined ? undefined : sum(counts) * scale;
}

/** Too few flows show nothing about what each of them had. */
function perFlow(packets: number | undefined, flows: number | undefined): number | undefined {
  return flows !== undefined && flows >= fewNewFlows ? ratio(packets, flows) : undefined;
}

function countOneWay({ classes }: Census): number {
  return sum(classes.filter(({ protocol, replied }) => protocol === 6 && !replied).map(({ entries }) => entries));
}

function newFlowsOf({ scale }: Census, tallies: readonly DestinationTally[], elapsedSeconds: number | undefined) {
  const counts = tallies.map(({ arrivals, horizonSeconds }) => newIn(arrivals, horizonSeconds, elapsedSeconds));
  return elapsedSeconds === undefined ? undefined : sum(counts) * scale;
}

/** Of flows that began longer ago than can be determined, there were as many as of those since. */
function newIn(arrivals: Uint32Array, horizonSeconds = sinceSeconds, elapsedSeconds = 0): number {
  const seconds = Math.min(elapsedSeconds, horizonSeconds, sinceSeconds);
  return seconds > 0 ? (countSince(arrivals, seconds) * elapsedSeconds) / seconds : 0;
}

function ratio(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || !(whole > 0) ? undefined : part / whole;
}

function isAt(server: Omit<FlowTarget, 'zone'>, { protocol, address, port }: FlowTarget): boolean {
  return server.protocol === protocol && server.address === address && server.port === port;
}
