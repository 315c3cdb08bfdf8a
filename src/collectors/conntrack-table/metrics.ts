import { gauge } from '../../scrape/metric.ts';

const destinationLabels = ['protocol', 'address', 'port', 'zone'] as const;
/** The address of a client is personal data: see `Sample.isLocal`. */
const sourceLabels = ['address', 'zone'] as const;
const ownerLabels = ['port_id', 'device', 'domain', 'vm', 'vm_id', 'project', 'project_id'] as const;

export const tableEntries = gauge(
  'conntrack_table_entries',
  'Tracked flows by protocol, state, and whether they are replied and assured.',
  ['protocol', 'state', 'replied', 'assured'],
);
export const stateIdle = gauge(
  'conntrack_state_idle_entries',
  'Tracked flows by state whose last packet is a day or half of their timeout ago, for timeouts of an hour or more. Only in `diagnose` and on the status page of this machine.',
  ['protocol', 'state'],
);
export const stateLongestLeft = gauge(
  'conntrack_state_longest_left_seconds',
  'Longest remaining time of the tracked flows in a state. Only in `diagnose` and on the status page of this machine.',
  ['protocol', 'state'],
);
export const destinationEntries = gauge(
  'conntrack_destination_entries',
  'Tracked flows to the destinations with the most flows and with the most unreplied flows; all others under address="other".',
  destinationLabels,
);
export const destinationUnreplied = gauge(
  'conntrack_destination_unreplied_entries',
  'Unreplied tracked flows to a destination.',
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
  'Tracked flows to a destination whose last packet is a day or half of their timeout ago, for timeouts of an hour or more.',
  destinationLabels,
);
export const destinationVerdict = gauge(
  'conntrack_destination_verdict',
  'Verdict on the flows to a destination that holds a notable share of the table. 0 for every verdict if the evidence is not sufficient.',
  [...destinationLabels, 'verdict'],
);
export const destinationInfo = gauge(
  'conntrack_destination_info',
  'On a compute node of OpenStack: the port that tracked flows go through, its device and virtual machine, and the evidence for it (zone, address, neighbour). Absent if unknown. Always 1.',
  [...destinationLabels, ...ownerLabels, 'evidence'],
);
export const zoneEntries = gauge(
  'conntrack_zone_entries',
  'Tracked flows by zone. Zones beyond the thousand largest are added up under zone="other".',
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
  'Tracked flows from the sources with the most flows and with the most new flows. Only with --collector.conntrack-table.sources.',
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
export const conntrackSourceInfo = gauge(
  'conntrack_source_info',
  'On a compute node of OpenStack: the port that flows of a source go through, its device and virtual machine. Always 1. Only with --collector.conntrack-table.sources.',
  [...sourceLabels, ...ownerLabels],
);
export const sourceVerdict = gauge(
  'conntrack_source_verdict',
  'Verdict on the flows of a source, if there is one. Always 1. Only with --collector.conntrack-table.sources.',
  [...sourceLabels, 'verdict'],
);
export const scanningEntries = gauge(
  'conntrack_scanning_entries',
  'Tracked flows by zone, from sources that scan: they keep connecting to new destinations, most of which do not reply. Absent if there are none.',
  ['zone'],
);
export const largestHolderEntries = gauge(
  'conntrack_largest_holder_entries',
  'Tracked flows of the largest holder of the table: a destination, a source, a zone or a state (kind), with the port that most flows of a source or state go to. The address of a source is left out without --collector.conntrack-table.sources.',
  ['kind', ...destinationLabels, 'state', 'device', 'vm', 'project'],
);
export const arrivalRate = gauge('conntrack_arrivals_per_second', 'New flows, estimated from their remaining times.', [
  'protocol',
  'replied',
]);
export const expiredEntries = gauge(
  'conntrack_expired_entries',
  'Flows that the kernel counts although they have expired. Absent if only a sample was read.',
);
export const equilibriumEntries = gauge(
  'conntrack_equilibrium_entries',
  'Number of entries at which the table settles if flows continue to arrive as they do now.',
);
export const fullInSeconds = gauge(
  'conntrack_full_in_seconds',
  'Time until the table is full if flows continue to arrive as they do now. +Inf if it does not fill, 0 if it is full.',
);
export const confirmedFullInSeconds = gauge(
  'conntrack_full_in_confirmed_seconds',
  'Longest conntrack_full_in_seconds of the last two scans, and of the others that began in the last 33 s, or 15 s if the table is full within 55 s. If scans are more than 33 s apart, that of the last alone where the next may come too late. Absent after the first scan.',
);
export const scanEntries = gauge('conntrack_scan_entries', 'Flows read by the last scan of the table.');
export const scanSampledRatio = gauge(
  'conntrack_scan_sampled_ratio',
  'Fraction of the table that the last scan read, 0 to 1. Below 1, all other values of the table are estimates.',
);
export const scanErrorRatio = gauge(
  'conntrack_scan_error_ratio',
  'Largest standard error of a share of the table due to sampling: 0.01 is one percentage point.',
);
export const scanDuration = gauge('conntrack_scan_duration_seconds', 'Duration of the last scan of the table.');
export const scanTimestamp = gauge('conntrack_scan_timestamp_seconds', 'End of the last scan of the table.');

export const translationEntries = gauge(
  'conntrack_translation_entries',
  'Tracked flows of zone 0 by the address that NAT gives to their source, without those that are ending. Only in diagnose and on the status page.',
  ['address', 'replied'],
);

export const targetEntries = gauge(
  'conntrack_target_entries',
  'Tracked UDP flows of zone 0 by their destination and the address that NAT sends their packets to. Only in diagnose and on the status page.',
  ['address', 'port', 'target', 'replied'],
);

export const conntrackTableMetrics = [
  tableEntries,
  stateIdle,
  stateLongestLeft,
  destinationEntries,
  destinationUnreplied,
  destinationArrivalRate,
  destinationStateEntries,
  destinationTranslated,
  translationEntries,
  targetEntries,
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
  conntrackSourceInfo,
  sourceVerdict,
  scanningEntries,
  largestHolderEntries,
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
