import { thresholds } from '../../src/identity/thresholds.ts';
import { largest } from './choice.ts';
import { colours } from './colours.ts';
import { noServices, perSecond } from './ipvs-panels.ts';
import { runbook } from './links.ts';
import { own } from './query.ts';
import { machineName } from './short-names.ts';
import { valueMapping } from './states.ts';
import { rising } from './steps.ts';
import { machineColumn, table } from './table.ts';
import { timeSeries } from './time-series.ts';

const half = { width: 12, height: 8 } as const;
const low = { width: 12, height: 6 } as const;

const noConnections = 'No IPVS, or the collector ipvs-connections is off';
const total = (what: string) => perSecond(`ipvs_${what}_total`, own);

const scans = table({
  title: 'Scans of the connections',
  description: 'What the figures of connections by state rest on. A scan that ends at its limit read a random sample.',
  width: 24,
  height: 5,
  noValue: noConnections,
  labels: [machineColumn],
  columns: [
    { heading: 'Read', expr: `ipvs_connection_scan_entries{${own}}`, unit: 'short' },
    {
      heading: 'Extent',
      expr: `ipvs_connection_scan_truncated{${own}}`,
      mappings: [
        valueMapping({ 0: { text: 'all', color: colours.good }, 1: { text: 'a sample', color: colours.warning } }),
      ],
    },
    { heading: 'Duration', expr: `ipvs_connection_scan_duration_seconds{${own}}`, unit: 's' },
    { heading: 'When', expr: `ipvs_connection_scan_timestamp_seconds{${own}} * 1000`, unit: 'dateTimeFromNow' },
  ],
});

/** IPVS as a whole: what it counts without any privilege. */
export const totalPanels = [
  timeSeries({
    ...half,
    title: 'New connections',
    description: 'Of all services. Also where the counters of services cannot be read.',
    unit: 'cps',
    queries: [largest(total('connections'), machineName)],
    noValue: noServices,
  }),
  timeSeries({
    ...half,
    title: 'Packets',
    description: 'From clients, and those to clients that come back through the director: none with direct return.',
    unit: 'pps',
    queries: [
      largest(total('incoming_packets'), `In, ${machineName}`),
      largest(total('outgoing_packets'), `Out, ${machineName}`),
    ],
    noValue: noServices,
  }),
  timeSeries({
    ...half,
    title: 'Bytes',
    description: 'From clients, and those to clients that come back through the director: none with direct return.',
    unit: 'Bps',
    queries: [
      largest(total('incoming_bytes'), `In, ${machineName}`),
      largest(total('outgoing_bytes'), `Out, ${machineName}`),
    ],
    noValue: noServices,
  }),
  timeSeries({
    ...half,
    title: 'Packets from clients by CPU',
    description: 'One CPU far above the others: the queues of the network card, or their interrupts, are not spread.',
    unit: 'pps',
    queries: [largest(total('cpu_incoming_packets'), `CPU {{cpu}} of ${machineName}`)],
    noValue: noServices,
  }),
  timeSeries({
    ...half,
    title: 'Connections and templates by state',
    description:
      'What IPVS remembers, where the exporter reads it (--collector.ipvs-connections). Connections from "sync" were ' +
      'received from another director. A template keeps a client with its real server.',
    unit: 'short',
    stacked: true,
    queries: [
      largest(`sum without (origin) (ipvs_connection_entries{${own}}) > 0`, `{{protocol}} {{state}}, ${machineName}`),
      largest(
        `sum without (origin, state) (ipvs_connection_templates{${own}}) > 0`,
        `Templates {{protocol}}, ${machineName}`,
      ),
    ],
    noValue: noConnections,
  }),
  timeSeries({
    ...half,
    title: 'Connections of another director',
    description:
      'Connections that synchronization sent to this machine. A backup without any loses them all in a failover.',
    unit: 'short',
    queries: [largest(`sum without (protocol, state) (ipvs_connection_entries{${own},origin="sync"})`, machineName)],
    noValue: noConnections,
  }),
  scans,
];

/** How near IPVS is to its limit of connections, on kernels that have one. */
export const connectionLimitPanels = [
  timeSeries({
    width: 12,
    height: 8,
    title: 'Connections, of their limit',
    description: 'At the limit, net.ipv4.vs.conn_max, IPVS refuses new connections without a log line.',
    unit: 'percentunit',
    queries: [largest(`instance:ipvs_connections:limit_ratio{${own}}`, machineName)],
    thresholds: rising(thresholds.ipvsConnectionsUsed),
    noValue: 'No machine has net.ipv4.vs.conn_max (Linux 7.2), or the rules of alerts/ are not loaded',
    links: [runbook('IpvsConnectionsNearlyFull')],
  }),
  timeSeries({
    width: 12,
    height: 8,
    title: 'Connections and their limit',
    description: 'Connections and persistence templates of IPVS, and net.ipv4.vs.conn_max.',
    unit: 'short',
    queries: [
      largest(`ipvs_connections{${own}}`, machineName),
      largest(`ipvs_connections_limit{${own}}`, `Limit of ${machineName}`),
    ],
    lines: [{ name: /^Limit/, colour: colours.limit, dashed: true, apart: true }],
    noValue: 'No IPVS, or Linux is older than 7.1',
    links: [runbook('IpvsConnectionsNearlyFull')],
  }),
];

/** How IPVS is set up. */
export const ipvsSettingPanels = [
  table({
    ...low,
    title: 'Synchronisation',
    description: 'The threads that send connections to another director (master) or receive them (backup).',
    noValue: noServices,
    labels: [machineColumn, { label: 'role', heading: 'Role' }],
    columns: [
      {
        heading: 'Runs',
        expr: `ipvs_sync_daemon_running{${own}}`,
        mappings: [
          valueMapping({ 0: { text: 'no', color: colours.unknown }, 1: { text: 'yes', color: colours.good } }),
        ],
      },
      { heading: 'Interface', expr: `ipvs_sync_daemon_info{${own}}`, showLabel: 'interface' },
    ],
  }),
  table({
    ...low,
    title: 'Version and hash table',
    description: 'The buckets are no limit on connections: with many more connections than buckets lookups get slow.',
    noValue: noServices,
    labels: [machineColumn],
    columns: [
      { heading: 'Version', expr: `ipvs_info{${own}}`, showLabel: 'version' },
      { heading: 'Buckets', expr: `ipvs_connection_table_buckets{${own}}`, unit: 'short' },
    ],
  }),
  table({
    ...low,
    title: 'Timeouts',
    description: 'How long IPVS keeps a connection after its last packet.',
    noValue: noServices,
    labels: [machineColumn, { label: 'protocol', heading: 'Protocol' }, { label: 'state', heading: 'State' }],
    columns: [{ heading: 'Timeout', expr: `ipvs_timeout_seconds{${own}}`, unit: 'dtdurations' }],
  }),
  table({
    ...low,
    title: 'Settings',
    description: 'Every number below net.ipv4.vs, unchanged.',
    noValue: noServices,
    labels: [machineColumn, { label: 'name', heading: 'Setting' }],
    columns: [{ heading: 'Value', expr: `ipvs_setting{${own}}`, unit: 'none' }],
  }),
];
