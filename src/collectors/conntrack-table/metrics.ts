import { gauge } from '../../scrape/metric.ts';

const destinationLabels = ['protocol', 'address', 'port', 'zone'] as const;
/** The address of a client is personal data: see `Sample.isLocal`. */
const sourceLabels = ['address', 'zone'] as const;
const ownerLabels = ['port_id', 'device', 'domain', 'vm', 'vm_id', 'project', 'project_id'] as const;

export const tableEntries = gauge(
  'conntrack_table_entries',
  'Tracked flows by protocol, state and what was seen of them.',
  ['protocol', 'state', 'replied', 'assured'],
);
export const destinationEntries = gauge(
  'conntrack_destination_entries',
  'Tracked flows to the destinations with the most of them and to those with the most unreplied ones; those to all others under address="other".',
  destinationLabels,
);
export const destinationUnreplied = gauge(
  'conntrack_destination_unreplied_entries',
  'Of these, flows of which no reply was seen.',
  destinationLabels,
);
export const destinationArrivalRate = gauge(
  'conntrack_destination_arrivals_per_second',
  'New flows to a destination, estimated from their remaining times.',
  destinationLabels,
);
export const destinationStateEntries = gauge(
  'conntrack_destination_state_entries',
  'Tracked flows by state, to each destination that holds 1 % of the table or more. Absent for protocols without states.',
  [...destinationLabels, 'state'],
);
export const destinationTranslated = gauge(
  'conntrack_destination_translated_entries',
  'Tracked flows to a destination whose addresses or ports are translated (NAT).',
  destinationLabels,
);
export const destinationIdle = gauge(
  'conntrack_destination_idle_entries',
  'Tracked flows to a destination that have used more than half of a timer of an hour or more since their last packet.',
  destinationLabels,
);
export const destinationVerdict = gauge(
  'conntrack_destination_verdict',
  'What the flows to a destination are, for those that hold a notable share of the table. All 0 when it cannot be told.',
  [...destinationLabels, 'verdict'],
);
export const destinationInfo = gauge(
  'conntrack_destination_info',
  'On a compute node of OpenStack: the port that tracked flows go through, its device and virtual machine, and by what it is known (zone, address, neighbour). Absent where it is not. Always 1.',
  [...destinationLabels, ...ownerLabels, 'evidence'],
);
export const zoneEntries = gauge(
  'conntrack_zone_entries',
  'Tracked flows by zone. Those of the zones beyond the thousand largest under zone="other".',
  ['zone'],
);
export const zoneUnreplied = gauge('conntrack_zone_unreplied_entries', 'Unreplied tracked flows by zone.', ['zone']);
export const zoneArrivalRate = gauge(
  'conntrack_zone_arrivals_per_second',
  'New flows by zone, estimated from their remaining times.',
  ['zone'],
);
export const zoneInfo = gauge(
  'conntrack_zone_info',
  'On a compute node of OpenStack: the port that a zone belongs to, its device and virtual machine. Absent for a zone of several ports or of none. Always 1.',
  ['zone', ...ownerLabels],
);
export const sourceEntries = gauge(
  'conntrack_source_entries',
  'Tracked flows from the sources with the most of them and from those with the most new ones. Only with --collector.conntrack-table.sources.',
  sourceLabels,
);
export const sourceUnreplied = gauge(
  'conntrack_source_unreplied_entries',
  'Unreplied tracked flows from a source. Only with --collector.conntrack-table.sources.',
  sourceLabels,
);
export const sourceArrivalRate = gauge(
  'conntrack_source_arrivals_per_second',
  'New flows from a source, estimated from their remaining times. Only with --collector.conntrack-table.sources.',
  sourceLabels,
);
export const sourceDestinations = gauge(
  'conntrack_source_destinations',
  'Distinct destinations, each an address and port, of a source. Standard error 13 %. Only with --collector.conntrack-table.sources.',
  sourceLabels,
);
export const sourceInfo = gauge(
  'conntrack_source_info',
  'On a compute node of OpenStack: the port that flows of a source go through, its device and virtual machine. Always 1. Only with --collector.conntrack-table.sources.',
  [...sourceLabels, ...ownerLabels],
);
export const sourceVerdict = gauge(
  'conntrack_source_verdict',
  'What the flows of a source are (verdict), for those that have one. Always 1. Only with --collector.conntrack-table.sources.',
  [...sourceLabels, 'verdict'],
);
export const scanningEntries = gauge(
  'conntrack_scanning_entries',
  'Tracked flows from sources that go to ever new destinations, most of which do not answer, by zone. Absent where there are none.',
  ['zone'],
);
export const largestHolder = gauge(
  'conntrack_largest_holder_entries',
  'Tracked flows of what holds most of the table: a destination, a source, a zone or a state (kind). The address of a source is left out without --collector.conntrack-table.sources.',
  ['kind', ...destinationLabels, 'state', 'device', 'vm', 'project'],
);
export const arrivalRate = gauge('conntrack_arrivals_per_second', 'New flows, estimated from their remaining times.', [
  'protocol',
  'replied',
]);
export const expiredEntries = gauge(
  'conntrack_expired_entries',
  'Flows counted by the kernel that had expired and were not yet removed. Absent when only a sample was read.',
);
export const equilibriumEntries = gauge(
  'conntrack_equilibrium_entries',
  'Where the table settles if flows go on arriving as they do now.',
);
export const fullInSeconds = gauge(
  'conntrack_full_in_seconds',
  'Time until the table is full if flows go on arriving as they do now. +Inf when it does not fill, 0 when it is full.',
);
export const confirmedFullInSeconds = gauge(
  'conntrack_full_in_confirmed_seconds',
  'Longest conntrack_full_in_seconds of the last two scans, and of the others that began in the last 15 s. Absent after the first scan.',
);
export const scanEntries = gauge('conntrack_scan_entries', 'Flows read by the last scan of the table.');
export const scanSampledRatio = gauge(
  'conntrack_scan_sampled_ratio',
  'Part of the table that the last scan read, 0 to 1. Below 1 all other values of the table are estimates.',
);
export const scanErrorRatio = gauge(
  'conntrack_scan_error_ratio',
  'Largest standard error, for having read a sample, of a share of the table: 0.01 is one percentage point.',
);
export const scanDuration = gauge('conntrack_scan_duration_seconds', 'How long the last scan of the table took.');
export const scanTimestamp = gauge('conntrack_scan_timestamp_seconds', 'When the last scan of the table ended.');

export const conntrackTableMetrics = [
  tableEntries,
  destinationEntries,
  destinationUnreplied,
  destinationArrivalRate,
  destinationStateEntries,
  destinationTranslated,
  destinationIdle,
  destinationVerdict,
  destinationInfo,
  zoneEntries,
  zoneUnreplied,
  zoneArrivalRate,
  zoneInfo,
  sourceEntries,
  sourceUnreplied,
  sourceArrivalRate,
  sourceDestinations,
  sourceInfo,
  sourceVerdict,
  scanningEntries,
  largestHolder,
  arrivalRate,
  expiredEntries,
  equilibriumEntries,
  fullInSeconds,
  confirmedFullInSeconds,
  scanEntries,
  scanSampledRatio,
  scanErrorRatio,
  scanDuration,
  scanTimestamp,
];
