import { thresholds } from '../../src/identity/thresholds.ts';
import { limit } from './conntrack-panels.ts';
import { runbook } from './links.ts';
import { own, range } from './query.ts';
import { rising } from './steps.ts';
import { table } from './table.ts';
import { timeSeries } from './time-series.ts';

const full = { width: 24, height: 7 } as const;
const ofLimit = (entries: string) => `${entries} / on (job, cluster, instance, netns) group_left () ${limit}`;
const share = { heading: 'Of the limit', unit: 'percentunit', decimals: 1, width: 100 } as const;
const count = (heading: string, expr: string) => ({ heading, expr, unit: 'short', width: 90 });
const rate = (expr: string) => ({ heading: 'New per second', expr, unit: 'short', decimals: 1, width: 110 });
const owner = (info: string) => [
  { heading: 'Virtual machine', expr: info, showLabel: 'vm' },
  { heading: 'Project', expr: info, showLabel: 'project', width: 120 },
];
const netns = { label: 'netns', heading: 'Network namespace', width: 110 } as const;
const zone = { label: 'zone', heading: 'Zone', width: 60 } as const;
const destination = [
  { label: 'protocol', heading: 'Protocol', width: 70 },
  { label: 'address', heading: 'Address' },
  { label: 'port', heading: 'Port', width: 60 },
] as const;

const named = `conntrack_destination_entries{${own},address!="other"}`;
const zones = `conntrack_zone_entries{${own},zone!="other"}`;

/** Who holds one table, by kind: destination and state, zone, source. */
export const holderPanels = [
  table({
    title: 'Largest holder',
    description:
      'What holds most of the table: a destination, a source, a zone or a state. The most specific kind that holds at ' +
      'least half as many entries as the largest of all. To see the address of a source, run lvs-exporter diagnose on that machine.',
    ...full,
    height: 4,
    noValue: 'The table is empty, or it was not read',
    links: [runbook('ConntrackTableNearlyFull')],
    labels: [
      netns,
      { label: 'kind', heading: 'Kind', width: 90 },
      ...destination,
      zone,
      { label: 'state', heading: 'State', width: 110 },
      { label: 'vm', heading: 'Virtual machine' },
    ],
    columns: [{ ...share, expr: ofLimit(`conntrack_largest_holder_entries{${own}}`) }],
  }),
  timeSeries({
    ...full,
    title: 'Flows of the large destinations by state',
    description:
      'Each destination that holds 1 % of the table or more. ESTABLISHED for days: connections that ended without ' +
      'closing. CLOSE_WAIT: the service does not close. SYN_RECV: handshakes that no client completes.',
    unit: 'short',
    queries: [
      range(
        `sum by (job, cluster, instance, netns, protocol, address, port, state) (conntrack_destination_state_entries{${own}})`,
        '{{state}} {{protocol}} {{address}} {{port}}',
      ),
    ],
    noValue: 'No destination holds 1 % of the table, or it was not read',
  }),
  table({
    title: 'Destinations by entries',
    description:
      'The destinations with the most entries. Translated: NAT applies, so do not exempt them from tracking. Idle: ' +
      'no packet for more than half of a timeout that is an hour or more.',
    ...full,
    noValue: 'The table is empty, or it was not read',
    sortBy: [{ heading: 'Entries' }],
    labels: [netns, ...destination, zone],
    columns: [
      count('Entries', named),
      { ...share, expr: ofLimit(named) },
      count('Translated', `conntrack_destination_translated_entries{${own}}`),
      count('Idle', `conntrack_destination_idle_entries{${own}}`),
    ],
  }),
  table({
    title: 'Zones',
    description:
      'Every zone: on a compute node of OpenStack a zone is a port or a network. Scanning: flows of sources that go to ' +
      'constantly new destinations. Of its limit: the limit of the zone in Open vSwitch; above it, new flows fail.',
    ...full,
    links: [runbook('ConntrackSourceScan'), runbook('ConntrackZoneNearlyFull')],
    noValue: 'The table is empty, or it was not read',
    sortBy: [{ heading: 'Entries' }],
    labels: [netns, zone],
    columns: [
      count('Entries', zones),
      { ...share, expr: ofLimit(zones) },
      count('Unreplied', `conntrack_zone_unreplied_entries{${own},zone!="other"}`),
      rate(`conntrack_zone_arrivals_per_second{${own}}`),
      count('Scanning', `conntrack_scanning_entries{${own}}`),
      {
        heading: 'Of its limit',
        expr: `${zones} / on (job, cluster, instance, netns, zone) conntrack_zone_entries_limit{${own}}`,
        unit: 'percentunit',
        decimals: 1,
        width: 100,
        thresholds: rising(thresholds.conntrackZoneUsed),
        display: 'color-background',
      },
      ...owner(`conntrack_zone_info{${own}}`),
    ],
  }),
  table({
    title: 'Sources',
    description:
      'The sources with the most entries and with the most new ones. Many destinations and few replies: it scans. ' +
      'Addresses of clients are personal data, so they are exported only with --collector.conntrack-table.sources.',
    ...full,
    noValue: 'Start the exporter with --collector.conntrack-table.sources',
    sortBy: [{ heading: 'Entries' }],
    labels: [netns, { label: 'address', heading: 'Address' }, zone],
    columns: [
      count('Entries', `conntrack_source_entries{${own}}`),
      { ...share, expr: ofLimit(`conntrack_source_entries{${own}}`) },
      { heading: 'Verdict', expr: `conntrack_source_verdict{${own}}`, showLabel: 'verdict', width: 90 },
      count('Unreplied', `conntrack_source_unreplied_entries{${own}}`),
      count('Destinations', `conntrack_source_destinations{${own}}`),
      rate(`conntrack_source_arrivals_per_second{${own}}`),
      ...owner(`conntrack_source_info{${own}}`),
    ],
  }),
];
