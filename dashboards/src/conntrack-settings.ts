import { scanIntervalSeconds } from '../../src/identity/scan-interval.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import { largest, lowest } from './choice.ts';
import { noTable } from './conntrack-panels.ts';
import { runbook } from './links.ts';
import { own } from './query.ts';
import { machineName } from './short-names.ts';
import { rising } from './steps.ts';
import { machineColumn, table } from './table.ts';
import { timeSeries } from './time-series.ts';

const noScan = 'No table that can be read';
const noZones = 'Nothing, or no compute node with --collector.openstack';
const half = { width: 12, height: 8 } as const;

const machineAndNetns = [machineColumn, { label: 'netns', heading: 'Network namespace', width: 160 }];

/** How the table is laid out, and what that costs. */
export const settingPanels = [
  table({
    title: 'Timeouts',
    description:
      'How long a flow stays after its last packet. Unreplied TCP flows stay for syn_sent, from their first packet on.',
    ...half,
    noValue: noTable,
    labels: [
      ...machineAndNetns,
      { label: 'protocol', heading: 'Protocol', width: 90 },
      { label: 'state', heading: 'State', width: 130 },
    ],
    columns: [{ heading: 'Timeout', expr: `conntrack_timeout_seconds{${own}}`, unit: 'dtdurations', width: 90 }],
  }),
  table({
    title: 'Settings',
    description: 'Every other setting below net.netfilter.nf_conntrack_, unchanged.',
    ...half,
    noValue: noTable,
    labels: [...machineAndNetns, { label: 'name', heading: 'Setting' }],
    columns: [
      {
        heading: 'Value',
        expr: `conntrack_setting{${own}} or label_replace(conntrack_expectations_limit{${own}}, "name", "expect_max", "", "")`,
        unit: 'none',
      },
    ],
  }),
  timeSeries({
    title: 'Limit per bucket',
    description:
      'How many flows each chain of the hash table gets when the table is full. Above the line lookups are slow, and ' +
      'newer kernels refuse flows: raise nf_conntrack_buckets together with nf_conntrack_max.',
    ...half,
    unit: 'none',
    decimals: 1,
    noValue: noTable,
    queries: [largest(`conntrack_entries_limit{${own}} / (conntrack_buckets{${own}} > 0)`, `${machineName} {{netns}}`)],
    thresholds: rising(thresholds.conntrackEntriesPerBucket),
    links: [runbook('ConntrackBucketsTooFew')],
  }),
  timeSeries({
    title: 'Lookups and races',
    description:
      'Clashes, tuples that NAT found used, restarted lookups, and bad packets that were refused, as the kernel counts ' +
      'them. None of these is lost traffic by itself.',
    ...half,
    unit: 'cps',
    noValue: noTable,
    queries: (
      [
        ['clash_resolved', 'Clashes'],
        ['found', 'Used'],
        ['search_restart', 'Restarts'],
        ['error', 'Bad'],
      ] as const
    ).map(([counter, name]) =>
      largest(
        `sum without (cpu) (rate(conntrack_${counter}_total{${own}}[$__rate_interval]))`,
        `${name}, ${machineName} {{netns}}`,
      ),
    ),
  }),
];

/** How good the figures of the other panels are. */
export const scanPanels = [
  timeSeries({
    ...half,
    title: 'Read by a scan',
    description: 'Flows that the last scan of each table read. Of a large table it is a sample.',
    unit: 'short',
    noValue: noScan,
    queries: [largest(`conntrack_scan_entries{${own}}`, `${machineName} {{netns}}`)],
  }),
  timeSeries({
    ...half,
    title: 'Part of the table, and error',
    description: 'Below 100 % the values of a table are estimates. The error is the standard error of a share of half.',
    unit: 'percentunit',
    max: 1,
    noValue: noScan,
    queries: [
      lowest(`conntrack_scan_sampled_ratio{${own}}`, `Read, ${machineName} {{netns}}`),
      largest(`conntrack_scan_error_ratio{${own}}`, `Error, ${machineName} {{netns}}`),
    ],
  }),
  timeSeries({
    width: 24,
    height: 7,
    title: 'Duration and age of a scan',
    description: `Scans run every ${scanIntervalSeconds} s unless configured otherwise. The forecast is as old as the last scan.`,
    unit: 's',
    noValue: noScan,
    queries: [
      largest(`conntrack_scan_duration_seconds{${own}}`, `Duration, ${machineName} {{netns}}`),
      largest(`time() - conntrack_scan_timestamp_seconds{${own}}`, `Age, ${machineName} {{netns}}`),
    ],
    thresholds: rising(thresholds.scanAge),
    links: [runbook('LvsExporterScanStale')],
  }),
  timeSeries({
    width: 12,
    height: 8,
    title: 'Zones, and whose they are',
    description:
      'On compute nodes of OpenStack, with --collector.openstack. The zone of one port identifies the owner; in ' +
      "that of a network, or of unknown origin, a destination must be a port's own address.",
    unit: 'short',
    noValue: noZones,
    queries: [largest(`sum without (driver) (conntrack_zones{${own}}) > 0`, `{{owner}}, ${machineName}`)],
  }),
  timeSeries({
    width: 12,
    height: 8,
    title: 'Ports of which something is not known',
    description:
      'Without a zone, as those without port security or with a stateless security group; without a virtual machine ' +
      'that is known; and files of libvirt that could not be read.',
    unit: 'short',
    noValue: noZones,
    queries: [
      largest(`conntrack_zone_ports{${own},zone="no"} > 0`, `No zone, VM known: {{vm}}, ${machineName}`),
      largest(`conntrack_zone_ports{${own},zone="yes",vm="no"} > 0`, `No VM, ${machineName}`),
      largest(`conntrack_zone_unread_domains{${own}} > 0`, `Files not read, ${machineName}`),
    ],
  }),
];
