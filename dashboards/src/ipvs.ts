import { ethtoolAllowanceExceededTotal } from '../../src/collectors/ethtool-metrics.ts';
import { ipvsInfo } from '../../src/collectors/ipvs/metrics.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import { largest, lowest } from './choice.ts';
import { colours } from './colours.ts';
import { createDashboard } from './dashboard.ts';
import { connectionLimitPanels, ipvsSettingPanels, totalPanels } from './ipvs-kernel.ts';
import { networkPanels } from './ipvs-network.ts';
import { named, perSecond, serviceName, withName } from './ipvs-panels.ts';
import { realServerLimits, realServerPanels } from './ipvs-real-servers.ts';
import { answerPanels, servicePanels } from './ipvs-services.ts';
import { runbook } from './links.ts';
import { own } from './query.ts';
import { machineName } from './short-names.ts';
import { rising } from './steps.ts';
import { timeSeries } from './time-series.ts';

const half = { width: 12, height: 8 } as const;
const notOnEc2 = 'No ENA interface on these machines';
const noUpstream = 'No IPVS services with direct return, or the rules of alerts/ are not loaded';

/** A director cannot read the table of the hop upstream, but it counts what it sends there. */
const upstreamPanels = [
  timeSeries({
    ...half,
    title: 'Entries upstream of the director, by service',
    description:
      'New connections whose replies bypass the upstream, times how long each stays in a table with default timeouts. ' +
      'Needs the recording rules of alerts/.',
    unit: 'short',
    stacked: true,
    queries: [
      largest(`virtual_server:ipvs_upstream_conntrack_entries:rate1m{${own}}`, `${serviceName} on ${machineName}`, {
        draw: (chosen) => named(withName(chosen)),
      }),
      largest(`ipvs_upstream_conntrack_limit{${own}}`, `Limit of ${machineName}`),
    ],
    lines: [{ name: /^Limit/, colour: colours.limit, dashed: true, apart: true }],
    noValue: noUpstream,
    links: [runbook('IpvsUpstreamConntrackPressure')],
  }),
  timeSeries({
    ...half,
    title: 'The same, of its limit',
    description: 'For directors with --upstream.conntrack-limit.',
    unit: 'percentunit',
    queries: [largest(`instance:ipvs_upstream_conntrack_entries:limit_ratio_rate1m{${own}}`, machineName)],
    thresholds: rising(thresholds.upstreamConntrack),
    noValue: 'No director has --upstream.conntrack-limit',
    links: [runbook('IpvsUpstreamConntrackPressure')],
  }),
  timeSeries({
    ...half,
    title: 'Connections that EC2 can still track',
    description: 'As the ENA driver reports it: conntrack_allowance_available. At 0, new connections fail.',
    unit: 'short',
    queries: [lowest(`ethtool_conntrack_allowance_available{${own}}`, `{{interface}} of ${machineName}`)],
    noValue: notOnEc2,
    links: [runbook('IpvsUpstreamAllowanceLow')],
  }),
  timeSeries({
    ...half,
    title: 'Packets beyond an allowance of EC2',
    description: 'Queued or dropped because the instance exceeds what its type allows. 0 on a healthy machine.',
    unit: 'pps',
    queries: [
      largest(perSecond(ethtoolAllowanceExceededTotal.name, own), `{{allowance}}, {{interface}} of ${machineName}`),
    ],
    noValue: notOnEc2,
    links: [runbook('IpvsUpstreamAllowanceExceeded')],
  }),
];

/** Who gets how much, and how even it is. */
export const ipvs = createDashboard({
  uid: 'ipvs',
  title: 'LVS IPVS services',
  description: 'Virtual servers and their real servers: connections, packets, bytes, weights, imbalance.',
  tags: ['ipvs'],
  machinesWith: ipvsInfo.name,
  variables: [
    {
      name: 'address',
      label: 'Virtual address',
      query: `label_values(ipvs_virtual_server_real_servers{${own}}, address)`,
    },
  ],
  rows: [
    { title: 'Services', panels: servicePanels },
    { title: 'Real servers', panels: realServerPanels },
    { title: 'Upstream of the director', panels: upstreamPanels, collapsed: true },
    { title: 'Answers that come back through the director', panels: answerPanels, collapsed: true },
    { title: 'IPVS as a whole', panels: totalPanels, collapsed: true },
    { title: 'Limit of IPVS connections', panels: connectionLimitPanels, collapsed: true },
    {
      title: 'Settings of IPVS and of real servers',
      panels: [realServerLimits, ...ipvsSettingPanels],
      collapsed: true,
    },
    { title: 'Network settings that direct return needs', panels: networkPanels, collapsed: true },
  ],
});
