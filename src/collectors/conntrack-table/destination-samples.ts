import type { Census } from '../../flows/census/census.ts';
import type { FlowTarget } from '../../flows/census/destination-key.ts';
import type { DestinationTally } from '../../flows/census/destination-tally.ts';
import { destinationArrivals } from '../../flows/forecast/arrivals.ts';
import type { FindOwner } from '../../openstack/owner.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import {
  destinationArrivalRate,
  destinationEntries,
  destinationIdle,
  destinationInfo,
  destinationStateEntries,
  destinationTranslated,
  destinationUnreplied,
} from './metrics.ts';
import { labelsOfOwner } from './owner-labels.ts';

/** @param largest number of destinations with series of their own. */
export function sampleDestinations(census: Census, largest: number): Sample[] {
  const { destinations, otherDestinations, scale } = census;
  const rest = destinations.slice(largest);
  const other = { protocol: '', address: 'other', port: '', zone: '' };
  const counted = rest.reduce((sum, one) => sum + one.counted, otherDestinations.counted);
  const unreplied = rest.reduce((sum, one) => sum + one.unreplied, otherDestinations.unreplied);
  return [
    ...destinations.slice(0, largest).flatMap((destination) => sampleDestination(census, destination)),
    sample(destinationEntries, counted * scale, other),
    sample(destinationUnreplied, unreplied * scale, other),
  ];
}

function sampleDestination(census: Census, destination: DestinationTally): Sample[] {
  const labels = labelsOfDestination(destination);
  const { counted, unreplied, translated, idle } = destination;
  return [
    sample(destinationEntries, counted * census.scale, labels),
    sample(destinationUnreplied, unreplied * census.scale, labels),
    sample(destinationArrivalRate, destinationArrivals(census, destination).perSecond, labels),
    sample(destinationTranslated, translated * census.scale, labels),
    sample(destinationIdle, idle * census.scale, labels),
    ...sampleStates(census, destination),
  ];
}

/** Part of the table from which on it matters in which states the flows of a destination are. */
const notableShare = 0.01;

function sampleStates(
  { counted: all, scale }: Census,
  { counted, states, ...destination }: DestinationTally,
): Sample[] {
  if (counted < notableShare * all) return [];
  const labels = labelsOfDestination(destination);
  return states.map((one) => sample(destinationStateEntries, one.counted * scale, { ...labels, state: one.state }));
}

/** Whose the destinations are that have series of their own. */
export function sampleOwners({ destinations }: Census, largest: number, findOwner: FindOwner): Sample[] {
  return destinations.slice(0, largest).flatMap((destination) => {
    const owner = findOwner(destination);
    if (owner === undefined) return [];
    const labels = { ...labelsOfDestination(destination), ...labelsOfOwner(owner), evidence: owner.evidence };
    return [sample(destinationInfo, 1, labels)];
  });
}

export function labelsOfDestination({ protocol, address, port, zone }: FlowTarget) {
  return { protocol, address, port: String(port), zone: String(zone) };
}
