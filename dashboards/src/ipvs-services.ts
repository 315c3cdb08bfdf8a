import {
  ipvsRealServerActiveConnections,
  ipvsRealServerInactiveConnections,
  ipvsVirtualServerInfo,
  ipvsVirtualServerRealServers,
  ipvsVirtualServerTraffic,
  ipvsVirtualServerWeight,
} from '../../src/collectors/ipvs/metrics.ts';
import { colours } from './colours.ts';
import { connectionsOfServices, largestServices, named, noServices, onKubernetes, perSecond } from './ipvs-panels.ts';
import { machineDetails, runbook } from './links.ts';
import { own } from './query.ts';
import { valueMapping } from './states.ts';
import { noneIsCritical } from './steps.ts';
import { machineColumn, table } from './table.ts';
import { timeSeries } from './time-series.ts';

/** The machines that are picked, and the virtual addresses. */
export const picked = `${own},address=~"$address"`;

const half = { width: 12, height: 8 } as const;

const serviceLabels = [
  { ...machineColumn, links: [machineDetails('keepalived')] },
  { label: 'protocol', heading: 'Protocol', width: 80 },
  { label: 'address', heading: 'Address' },
  { label: 'port', heading: 'Port', width: 67 },
  { label: 'family', heading: 'Family', width: 80 },
] as const;

const counted = { unit: 'short', width: 80 } as const;
const mustNotBeZero = {
  ...counted,
  display: 'color-text',
  thresholds: noneIsCritical,
  mappings: [valueMapping({ '-1': { text: '0', color: colours.neutral } })],
} as const;

const ofServices = (metric: string) => named(`${metric}{${picked}}`);
/** -1 in place of 0 on a node of Kubernetes, where services without endpoints are normal. */
const ofServicesInUse = (metric: string) => {
  const all = `${metric}{${picked}}`;
  return named(`(${all} > 0) or (${all} unless ${onKubernetes}) or (${all} - 1)`);
};
const ofRealServers = (metric: string) =>
  named(`sum without (real_address, real_port, forward) (${metric}{${picked}})`);

/** One row for each virtual server, and what its clients send. */
export const servicePanels = [
  table({
    title: 'Services',
    description:
      'Every virtual server. With weight 0, or without real servers, it takes no new connections: red, except on a node ' +
      'of Kubernetes, where services without endpoints are normal. Active and inactive are guesses from the packets of ' +
      'the clients where the answers do not come back through the director; flows of UDP are inactive. Persistence ' +
      '("Persist") in seconds.',
    width: 24,
    height: 8,
    noValue: noServices,
    links: [
      runbook('IpvsServiceWithoutRealServers'),
      runbook('IpvsServiceWeightZero'),
      runbook('IpvsRealServersMissing'),
      runbook('IpvsPairDiffers'),
    ],
    sortBy: [{ heading: 'New/s' }],
    labels: serviceLabels,
    columns: [
      {
        ...counted,
        heading: 'New/s',
        expr: named(perSecond(ipvsVirtualServerTraffic.connections.name, picked)),
        decimals: 1,
        width: 84,
      },
      { ...mustNotBeZero, heading: 'Servers', expr: ofServicesInUse(ipvsVirtualServerRealServers.name) },
      { ...mustNotBeZero, heading: 'Weight', expr: ofServicesInUse(ipvsVirtualServerWeight.name) },
      { ...counted, heading: 'Active', expr: ofRealServers(ipvsRealServerActiveConnections.name) },
      { ...counted, heading: 'Inactive', expr: ofRealServers(ipvsRealServerInactiveConnections.name) },
      { heading: 'Name', expr: ofServices(ipvsVirtualServerInfo.name), showLabel: 'name', width: 100 },
      { heading: 'Scheduler', expr: ofServices(ipvsVirtualServerInfo.name), showLabel: 'scheduler', width: 100 },
      {
        heading: 'Persist',
        expr: ofServices(ipvsVirtualServerInfo.name),
        showLabel: 'persistence_seconds',
        width: 93,
      },
    ],
  }),
  connectionsOfServices({ ...half, links: [runbook('IpvsUpstreamConntrackPressure')] }, picked),
  timeSeries({
    ...half,
    title: 'Connections by service',
    description:
      'All connections that IPVS tracks, active and inactive. Each takes memory on the director until its timer ends.',
    unit: 'short',
    stacked: true,
    queries: [
      largestServices(
        `ipvs_real_server_active_connections{${picked}} + ipvs_real_server_inactive_connections{${picked}}`,
      ),
    ],
    noValue: noServices,
  }),
  timeSeries({
    ...half,
    title: 'Packets from clients by service',
    description: 'Traffic that the director forwards.',
    unit: 'pps',
    stacked: true,
    queries: [largestServices(perSecond(ipvsVirtualServerTraffic.incomingPackets.name, picked))],
    noValue: noServices,
  }),
  timeSeries({
    ...half,
    title: 'Bytes from clients by service',
    description: 'Traffic that the director forwards.',
    unit: 'Bps',
    stacked: true,
    queries: [largestServices(perSecond(ipvsVirtualServerTraffic.incomingBytes.name, picked))],
    noValue: noServices,
  }),
];

/** Nothing, where all real servers answer past the director. */
export const answerPanels = [
  timeSeries({
    ...half,
    title: 'Packets to clients by service',
    description:
      'Answers that come back through the director: of real servers that forward by masquerading. 0 by design where ' +
      'all forward direct or by tunnel.',
    unit: 'pps',
    stacked: true,
    queries: [largestServices(perSecond(ipvsVirtualServerTraffic.outgoingPackets.name, picked))],
    noValue: noServices,
  }),
  timeSeries({
    ...half,
    title: 'Bytes to clients by service',
    description: 'Answers that come back through the director. 0 by design where all forward direct or by tunnel.',
    unit: 'Bps',
    stacked: true,
    queries: [largestServices(perSecond(ipvsVirtualServerTraffic.outgoingBytes.name, picked))],
    noValue: noServices,
  }),
];
