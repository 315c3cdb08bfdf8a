import { type Census, shareError } from '../../flows/census/census.ts';
import type { Destination } from '../../flows/census/destination-key.ts';
import type { DestinationTally } from '../../flows/census/destination-tally.ts';
import { classKey, type FlowClass, knownClasses } from '../../flows/classification/flow-class.ts';
import type { Finding } from '../../flows/classification/judge.ts';
import { verdicts } from '../../flows/classification/verdict.ts';
import { type Arrivals, destinationArrivals, estimateArrivals } from '../../flows/forecast/arrivals.ts';
import type { Forecast } from '../../flows/forecast/forecast.ts';
import { protocolName } from '../../identity/protocol.ts';
import type { FindOwner, Owner } from '../../openstack/owner.ts';
import { gauge, type Sample, sample } from '../../scrape/metric.ts';

const destinationLabels = ['protocol', 'address', 'port', 'zone'] as const;

const entries = gauge('conntrack_table_entries', 'Tracked flows by protocol, state and what was seen of them.', [
  'protocol',
  'state',
  'replied',
  'assured',
]);
const destinationEntries = gauge(
  'conntrack_destination_entries',
  'Tracked flows to the destinations with the most unreplied ones; those to all others under address="other".',
  destinationLabels,
);
const destinationUnreplied = gauge(
  'conntrack_destination_unreplied_entries',
  'Of these, flows of which no reply was seen.',
  destinationLabels,
);
const destinationArrivalRate = gauge(
  'conntrack_destination_arrivals_per_second',
  'New flows to a destination, estimated from their remaining times.',
  destinationLabels,
);
const destinationVerdict = gauge(
  'conntrack_destination_verdict',
  'What the flows to a destination are, for those that hold a notable share of the table. All 0 when it cannot be told.',
  [...destinationLabels, 'verdict'],
);
const destinationInfo = gauge(
  'conntrack_destination_info',
  'On a compute node of OpenStack: the port that tracked flows go through, its device and virtual machine, and by what it is known (zone, address, neighbour). Absent where it is not. Always 1.',
  [...destinationLabels, 'port_id', 'device', 'domain', 'vm', 'vm_id', 'project', 'project_id', 'evidence'],
);
const arrivalRate = gauge('conntrack_arrivals_per_second', 'New flows, estimated from their remaining times.', [
  'protocol',
  'replied',
]);
const expiredEntries = gauge(
  'conntrack_expired_entries',
  'Flows counted by the kernel that had expired and were not yet removed. Absent when only a sample was read.',
);
const equilibriumEntries = gauge(
  'conntrack_equilibrium_entries',
  'Where the table settles if flows go on arriving as they do now.',
);
const fullInSeconds = gauge(
  'conntrack_full_in_seconds',
  'Time until the table is full if flows go on arriving as they do now. +Inf when it does not fill, 0 when it is full.',
);
const scanEntries = gauge('conntrack_scan_entries', 'Flows read by the last scan of the table.');
const scanSampledRatio = gauge(
  'conntrack_scan_sampled_ratio',
  'Part of the table that the last scan read, 0 to 1. Below 1 all other values of the table are estimates.',
);
const scanErrorRatio = gauge(
  'conntrack_scan_error_ratio',
  'Largest standard error, for having read a sample, of a share of the table: 0.01 is one percentage point.',
);
const scanDuration = gauge('conntrack_scan_duration_seconds', 'How long the last scan of the table took.');
const scanTimestamp = gauge('conntrack_scan_timestamp_seconds', 'When the last scan of the table ended.');

export const conntrackTableMetrics = [
  entries,
  destinationEntries,
  destinationUnreplied,
  destinationArrivalRate,
  destinationVerdict,
  destinationInfo,
  arrivalRate,
  expiredEntries,
  equilibriumEntries,
  fullInSeconds,
  scanEntries,
  scanSampledRatio,
  scanErrorRatio,
  scanDuration,
  scanTimestamp,
];

/** All that a census counted, scaled to the table. `largest` destinations are told one by one. */
export function sampleCensus(census: Census, largest: number): Sample[] {
  return [
    ...sampleClasses(census),
    ...sampleDestinations(census, largest),
    ...sampleArrivals(census),
    ...(census.expired === undefined ? [] : [sample(expiredEntries, census.expired)]),
  ];
}

/** Every known class, so that one without flows is 0 and not absent. */
function sampleClasses({ classes, scale }: Census): Sample[] {
  const all = new Map<string, FlowClass & { entries: number }>();
  for (const known of knownClasses()) all.set(classKey(known), { ...known, entries: 0 });
  for (const tally of classes) all.set(classKey(tally), tally);
  return [...all.values()].map(({ protocol, state, replied, assured, entries: counted }) => {
    const labels = { protocol: protocolName(protocol), state, replied: yesNo(replied), assured: yesNo(assured) };
    return sample(entries, counted * scale, labels);
  });
}

function sampleDestinations(census: Census, largest: number): Sample[] {
  const { destinations, otherDestinations, scale } = census;
  const told = destinations.slice(0, largest);
  const rest = destinations.slice(largest);
  const other = { protocol: '', address: 'other', port: '', zone: '' };
  const counted = rest.reduce((sum, one) => sum + one.counted, otherDestinations.counted);
  const unreplied = rest.reduce((sum, one) => sum + one.unreplied, otherDestinations.unreplied);
  return [
    ...told.flatMap((destination) => sampleDestination(census, destination)),
    sample(destinationEntries, counted * scale, other),
    sample(destinationUnreplied, unreplied * scale, other),
  ];
}

function sampleDestination(census: Census, destination: DestinationTally): Sample[] {
  const labels = labelsOf(destination);
  return [
    sample(destinationEntries, destination.counted * census.scale, labels),
    sample(destinationUnreplied, destination.unreplied * census.scale, labels),
    sample(destinationArrivalRate, destinationArrivals(census, destination).perSecond, labels),
  ];
}

/** Whose the destinations are that are told one by one. */
export function sampleOwners({ destinations }: Census, largest: number, findOwner: FindOwner): Sample[] {
  return destinations.slice(0, largest).flatMap((destination) => {
    const owner = findOwner(destination);
    return owner ? [sample(destinationInfo, 1, { ...labelsOf(destination), ...labelsOfOwner(owner) })] : [];
  });
}

function labelsOfOwner({ port: { id, device, vmId, domain }, evidence }: Owner) {
  return {
    port_id: id,
    device,
    domain: domain?.name ?? '',
    vm: domain?.instanceName ?? '',
    vm_id: vmId,
    project: domain?.project ?? '',
    project_id: domain?.projectId ?? '',
    evidence,
  };
}

function labelsOf({ protocol, address, port, zone }: Destination) {
  return { protocol, address, port: String(port), zone: String(zone) };
}

function sampleArrivals(census: Census): Sample[] {
  const none = ['tcp', 'udp'].flatMap((protocol) =>
    [false, true].map((replied) => ({ protocol, replied, perSecond: 0 })),
  );
  const all = new Map<string, Pick<Arrivals, 'protocol' | 'replied' | 'perSecond'>>();
  for (const arrivals of [...none, ...estimateArrivals(census)]) {
    all.set(`${arrivals.protocol} ${arrivals.replied}`, arrivals);
  }
  return [...all.values()].map(({ protocol, replied, perSecond }) =>
    sample(arrivalRate, perSecond, { protocol, replied: yesNo(replied) }),
  );
}

export function sampleForecast(forecast: Forecast): Sample[] {
  return [sample(equilibriumEntries, forecast.equilibriumEntries), sample(fullInSeconds, forecast.fullInSeconds)];
}

export function sampleFindings(findings: readonly Finding[]): Sample[] {
  return findings.flatMap(({ destination, verdict }) => {
    const labels = labelsOf(destination);
    return verdicts.map((one) => sample(destinationVerdict, one === verdict ? 1 : 0, { ...labels, verdict: one }));
  });
}

export function sampleScan(census: Census, durationSeconds: number, endedSeconds: number): Sample[] {
  return [
    sample(scanEntries, census.counted),
    sample(scanSampledRatio, census.sampledRatio),
    sample(scanErrorRatio, shareError(census, largestErrorShare)),
    sample(scanDuration, durationSeconds),
    sample(scanTimestamp, endedSeconds),
  ];
}

/** The binomial standard error is largest for a half. */
const largestErrorShare = 0.5;

function yesNo(value: boolean): 'yes' | 'no' {
  return value ? 'yes' : 'no';
}
