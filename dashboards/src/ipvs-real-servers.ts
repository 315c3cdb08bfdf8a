import {
  ipvsRealServerActiveConnections,
  ipvsRealServerInactiveConnections,
  ipvsRealServerLowerThreshold,
  ipvsRealServerPersistentConnections,
  ipvsRealServerTraffic,
  ipvsRealServerTunnelInfo,
  ipvsRealServerUpperThreshold,
  ipvsRealServerWeight,
} from '../../src/collectors/ipvs/metrics.ts';
import { keepalivedRealServerUp } from '../../src/collectors/keepalived-checkers/metrics.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import { changing, largest, notOne } from './choice.ts';
import { colours } from './colours.ts';
import { named, noServices, perSecond } from './ipvs-panels.ts';
import { picked } from './ipvs-services.ts';
import { runbook } from './links.ts';
import type { Query } from './query.ts';
import { clusterName, machineName } from './short-names.ts';
import { valueMapping } from './states.ts';
import { between } from './steps.ts';
import { machineColumn, table } from './table.ts';
import { timeSeries } from './time-series.ts';

const half = { width: 12, height: 8 } as const;
const counted = { unit: 'short', width: 72 } as const;

const ofPair = 'cluster, protocol, address, port, fwmark, family, real_address, real_port';

/** Adds up what the directors of a pair have of each of the largest real servers. */
function largestRealServers(series: string, prefix = ''): Query {
  const draw = (chosen: string) => named(`sum by (${ofPair}) (${chosen})`);
  return largest(series, `${prefix}${realServerOfCluster}`, { by: ofPair, draw });
}

const realServerName = '{{real_address}} {{real_port}} of {{protocol}} {{address}} {{port}}';
const realServerOfCluster = `${realServerName} ${clusterName}`;

const of = (metric: string) => named(`${metric}{${picked}}`);

const uneven = between({ least: thresholds.ipvsUneven.least, most: thresholds.ipvsUneven.most });
const fairRatio = `real_server:ipvs_real_server_connections:fair_ratio_rate15m{${picked}}`;

/** Whether a check fails: Grafana sorts what has no value as the smallest. */
const checks = valueMapping({
  0: { text: 'up', color: colours.good },
  1: { text: 'down', color: colours.critical },
});

const realServerLabels = [
  machineColumn,
  { label: 'protocol', heading: 'Protocol', width: 80 },
  { label: 'address', heading: 'Address' },
  { label: 'port', heading: 'Port', width: 67 },
  { label: 'real_address', heading: 'Real server' },
  { label: 'real_port', heading: 'Its port', width: 80 },
  { label: 'forward', heading: 'Forward', width: 90 },
] as const;

/** One row for each real server, and how the load is shared. */
export const realServerPanels = [
  table({
    title: 'Real servers',
    description:
      'Weight 0: it gets no new connections, because it is drained or because its checks fail. "Share" ' +
      'compares its new connections with its weight: 100 % is fair. Checks are those of keepalived, where it ' +
      'supervises the service.',
    width: 24,
    height: 9,
    noValue: noServices,
    links: [runbook('KeepalivedRealServerDown'), runbook('IpvsUnevenTraffic')],
    sortBy: [{ heading: 'Checks' }, { heading: 'Weight', ascending: true }],
    labels: realServerLabels,
    columns: [
      { ...counted, heading: 'Weight', expr: of(ipvsRealServerWeight.name) },
      {
        heading: 'Checks',
        expr: `${of(keepalivedRealServerUp.name)} == bool 0`,
        width: 80,
        mappings: [checks],
        display: 'color-text',
      },
      {
        heading: 'Share',
        expr: named(fairRatio),
        unit: 'percentunit',
        decimals: 0,
        width: 70,
        display: 'color-text',
        thresholds: uneven,
      },
      {
        ...counted,
        heading: 'New/s',
        expr: named(perSecond(ipvsRealServerTraffic.connections.name, picked)),
        decimals: 1,
        width: 70,
      },
      { ...counted, heading: 'Active', expr: of(ipvsRealServerActiveConnections.name) },
      { ...counted, heading: 'Inactive', expr: of(ipvsRealServerInactiveConnections.name) },
    ],
  }),
  timeSeries({
    ...half,
    title: 'New connections by real server',
    description: `How the scheduler distributes new connections.`,
    unit: 'cps',
    queries: [largestRealServers(perSecond(ipvsRealServerTraffic.connections.name, picked))],
    noValue: noServices,
  }),
  timeSeries({
    ...half,
    title: 'New connections, of the share by weight',
    description:
      'Imbalance: 100 % is what the weight of a real server is worth; rr and lc ignore weights. The lines are where ' +
      'the alert begins. Absent for services with persistence or a scheduler that hashes. Needs the recording rules ' +
      'of alerts/.',
    unit: 'percentunit',
    queries: [notOne(fairRatio, `${realServerName}, ${machineName}`, { draw: named })],
    thresholds: uneven,
    noValue: 'No IPVS services with traffic, or the rules of alerts/ are not loaded',
    links: [runbook('IpvsUnevenTraffic')],
  }),
  timeSeries({
    ...half,
    title: 'Weight by real server',
    description: 'In the kernel. A step to 0: the server is drained, or its checks fail.',
    unit: 'none',
    queries: [
      changing(`max by (${ofPair}) (ipvs_real_server_weight{${picked}})`, realServerOfCluster, { draw: named }),
    ],
    noValue: noServices,
  }),
  timeSeries({
    ...half,
    title: 'Active connections by real server',
    description: `Connections that are being used. On a director with direct return a guess from the packets of the clients.`,
    unit: 'short',
    queries: [largestRealServers(`ipvs_real_server_active_connections{${picked}}`)],
    noValue: noServices,
  }),
  timeSeries({
    ...half,
    title: 'Packets by real server',
    description: `From clients, and those to clients that come back through the director.`,
    unit: 'pps',
    queries: [
      largestRealServers(perSecond(ipvsRealServerTraffic.incomingPackets.name, picked), 'In, '),
      largestRealServers(`${perSecond(ipvsRealServerTraffic.outgoingPackets.name, picked)} > 0`, 'Out, '),
    ],
    noValue: noServices,
  }),
  timeSeries({
    ...half,
    title: 'Bytes by real server',
    description: `From clients, and those to clients that come back through the director.`,
    unit: 'Bps',
    queries: [
      largestRealServers(perSecond(ipvsRealServerTraffic.incomingBytes.name, picked), 'In, '),
      largestRealServers(`${perSecond(ipvsRealServerTraffic.outgoingBytes.name, picked)} > 0`, 'Out, '),
    ],
    noValue: noServices,
  }),
];

/** What few real servers have. */
export const realServerLimits = table({
  title: 'Persistence, limits and tunnels of real servers',
  description:
    'Persistent connections, the connections from which a real server gets no more and below which it does again, and its tunnel.',
  width: 24,
  height: 7,
  noValue: noServices,
  labels: realServerLabels,
  columns: [
    { ...counted, heading: 'Persistent', expr: of(ipvsRealServerPersistentConnections.name) },
    { ...counted, heading: 'At most', expr: of(ipvsRealServerUpperThreshold.name) },
    { ...counted, heading: 'Again below', expr: of(ipvsRealServerLowerThreshold.name), width: 100 },
    { heading: 'Tunnel', expr: of(ipvsRealServerTunnelInfo.name), showLabel: 'tunnel_type', width: 80 },
  ],
});
