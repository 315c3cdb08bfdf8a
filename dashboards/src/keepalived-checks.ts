import {
  keepalivedRealServerConfiguredWeight,
  keepalivedRealServerEffectiveWeight,
  keepalivedVirtualServerQuorumHysteresis,
  keepalivedVirtualServerQuorumWeight,
  keepalivedVirtualServerRealServers,
  keepalivedVirtualServerRealServersUp,
  keepalivedVirtualServerWeight,
} from '../../src/collectors/keepalived-checkers/metrics.ts';
import { changing, largest, lowest } from './choice.ts';
import { colours } from './colours.ts';
import { named, serviceName } from './ipvs-panels.ts';
import { runbook } from './links.ts';
import { own } from './query.ts';
import { machineName } from './short-names.ts';
import { stateTimeline } from './state-timeline.ts';
import { valueMapping } from './states.ts';
import { machineColumn, table } from './table.ts';
import { timeSeries } from './time-series.ts';

const half = { width: 12, height: 7 } as const;
const wide = { width: 24, height: 6 } as const;
const noChecks = 'keepalived supervises no services on these machines';

const ofEach = (metric: string) => named(`${metric}{${own}}`);
const realServerName = `{{real_address}} {{real_port}} of {{protocol}} {{address}} {{port}}, ${machineName}`;

/** The labels that the kernel's series of a real server have in common with those of keepalived. */
const realServer = 'job, cluster, instance, protocol, address, port, fwmark, family, real_address, real_port';

const virtualServer = [
  machineColumn,
  { label: 'protocol', heading: 'Protocol', width: 80 },
  { label: 'address', heading: 'Address' },
  { label: 'port', heading: 'Port', width: 70 },
] as const;

const counted = { unit: 'none', width: 72 } as const;

/** What keepalived holds of the real servers, and what the kernel does about it. */
export const checkPanels = [
  stateTimeline({
    ...half,
    title: 'Quorum of the services',
    description:
      'Without its quorum a service is taken away, or left to its sorry server. None is wanted of real servers that ' +
      'all have the weight 0.',
    queries: [
      lowest(
        `keepalived_virtual_server_quorum_up{${own}} + 2 * (keepalived_virtual_server_quorum_weight{${own}} == bool 0)`,
        `${serviceName} on ${machineName}`,
        { draw: named },
      ),
    ],
    mappings: [
      valueMapping({
        0: { text: 'Lost', color: colours.critical },
        1: { text: 'Has it', color: colours.good },
        2: { text: 'None is wanted', color: colours.unknown },
        3: { text: 'None is wanted', color: colours.unknown },
      }),
    ],
    noValue: noChecks,
    links: [runbook('KeepalivedQuorumLost')],
  }),
  stateTimeline({
    ...half,
    title: 'Real servers that failed their checks',
    description:
      'Those that keepalived held to be down at any time that is shown. "Not checked": a real server is taken to be ' +
      'up, and nothing looks.',
    queries: [
      changing(
        `(keepalived_real_server_up{${own}} + 2 * (keepalived_real_server_checked{${own}} == bool 0)) ` +
          `and min_over_time(keepalived_real_server_up{${own}}[$__range]) == 0`,
        realServerName,
        { draw: named },
      ),
    ],
    mappings: [
      valueMapping({
        0: { text: 'Down', color: colours.critical },
        1: { text: 'Up', color: colours.good },
        2: { text: 'Down, not checked', color: colours.warning },
        3: { text: 'Not checked', color: colours.unknown },
      }),
    ],
    noValue: 'None failed in this time, or keepalived supervises none',
    links: [runbook('KeepalivedRealServerDown')],
  }),
  table({
    title: 'Services of keepalived',
    description:
      'Real servers as configured, and those that are up. The quorum wants a sum of weights; the margin keeps it ' +
      'from coming and going.',
    width: 24,
    height: 6,
    noValue: noChecks,
    links: [runbook('KeepalivedQuorumLost')],
    labels: virtualServer,
    columns: [
      { ...counted, heading: 'Configured', expr: ofEach(keepalivedVirtualServerRealServers.name) },
      { ...counted, heading: 'Up', expr: ofEach(keepalivedVirtualServerRealServersUp.name) },
      { ...counted, heading: 'Weight up', expr: ofEach(keepalivedVirtualServerWeight.name) },
      { ...counted, heading: 'Quorum', expr: ofEach(keepalivedVirtualServerQuorumWeight.name) },
      { ...counted, heading: 'Margin', expr: ofEach(keepalivedVirtualServerQuorumHysteresis.name) },
      {
        ...counted,
        heading: 'Sorry server',
        expr: named(`max without (real_address, real_port, forward) (keepalived_sorry_server_in_use{${own}})`),
        display: 'color-text',
        mappings: [
          valueMapping({ 0: { text: 'idle', color: colours.good }, 1: { text: 'answers', color: colours.warning } }),
        ],
      },
    ],
  }),
  table({
    title: 'Weights: what keepalived wants, and what the kernel has',
    description:
      'Effective is what a real server has in the kernel while it is up. If the kernel has another weight, it was changed ' +
      'by hand, or keepalived could not.',
    width: 24,
    height: 7,
    noValue: noChecks,
    labels: [
      ...virtualServer,
      { label: 'real_address', heading: 'Real server' },
      { label: 'real_port', heading: 'Its port', width: 80 },
    ],
    columns: [
      { ...counted, heading: 'Configured', expr: ofEach(keepalivedRealServerConfiguredWeight.name) },
      { ...counted, heading: 'Effective', expr: ofEach(keepalivedRealServerEffectiveWeight.name) },
      {
        ...counted,
        heading: 'In the kernel',
        expr: named(
          `(ipvs_real_server_weight{${own}} and on (${realServer}) keepalived_real_server_effective_weight{${own}})`,
        ),
      },
      {
        ...counted,
        heading: 'Failed checks',
        expr: named(`sum without (checker) (keepalived_real_server_failed_checkers{${own}})`),
      },
    ],
  }),
  table({
    ...wide,
    title: 'Where keepalived and the kernel disagree',
    description:
      'What keepalived has given to the kernel and the kernel does not have, or the reverse. IPVS was changed ' +
      'by hand, or a reload of keepalived failed halfway.',
    noValue: 'They agree, or nothing was compared',
    links: [runbook('KeepalivedKernelDisagrees')],
    labels: [
      machineColumn,
      { label: 'protocol', heading: 'Protocol', width: 80 },
      { label: 'address', heading: 'Address' },
      { label: 'port', heading: 'Port', width: 70 },
      { label: 'real_address', heading: 'Real server' },
      { label: 'real_port', heading: 'Its port', width: 80 },
    ],
    columns: [
      {
        heading: 'Reason',
        expr: named(`(keepalived_virtual_server_disagreement{${own}} or keepalived_real_server_disagreement{${own}})`),
        showLabel: 'reason',
      },
    ],
  }),
  timeSeries({
    ...wide,
    title: 'Disagreements',
    description: 'How many there are. 0 normally; a moment during a reload is no fault.',
    unit: 'none',
    queries: [largest(`keepalived_ipvs_disagreements{${own}}`, machineName)],
    noValue: 'Nothing was compared',
    links: [runbook('KeepalivedKernelDisagrees')],
  }),
  timeSeries({
    title: 'Failed checks by kind',
    description: 'Checkers that fail, of all real servers of a service.',
    width: 24,
    height: 7,
    unit: 'none',
    stacked: true,
    queries: [
      largest(
        `sum by (job, cluster, instance, protocol, address, port, fwmark, family, checker) (keepalived_real_server_failed_checkers{${own}}) > 0`,
        `{{checker}} of ${serviceName}, ${machineName}`,
        { draw: named },
      ),
    ],
    noValue: 'No failed checks, or no keepalived that checks',
    links: [runbook('KeepalivedRealServerDown')],
  }),
];
