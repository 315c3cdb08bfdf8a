import { thresholds } from '../../src/identity/thresholds.ts';
import { alertNames, firing } from './annotations.ts';
import { colours } from './colours.ts';
import {
  fullIn,
  fullInMappings,
  fullInSteps,
  lossRate,
  settles,
  settlesSteps,
  used,
  usedSteps,
} from './conntrack-panels.ts';
import { onKubernetes } from './ipvs-panels.ts';
import { details, runbook, runbookOfCell } from './links.ts';
import { countOrZero, exportersUp, own, together } from './query.ts';
import { stat } from './stat.ts';
import { valueMapping } from './states.ts';
import { anyIs } from './steps.ts';
import { machineColumn, table } from './table.ts';
import { noAddresses, withoutOneMaster } from './vrrp.ts';

const tile = { width: 6, height: 3 } as const;

const services = `ipvs_virtual_server_weight{${own}}`;

/** Each machine that has anything to watch has one of these where Prometheus has the rules. One that is gone has an alert. */
const recorded = [
  'instance:conntrack_entries:limit_ratio',
  'instance:keepalived_vrrp_address:master',
  'virtual_server:ipvs_past_director_connections:rate1m',
]
  .map((record) => `${record}{${together}}`)
  .concat(`ALERTS{${together},alertname=~"${alertNames}"}`)
  .join(' or ');

/** A drop is due to a full table where the table is nearly full: packets are also dropped for lack of memory. */
const nearlyFull = `max_over_time((${used})[5m:15s]) > bool ${thresholds.conntrackUsed.critical}`;

/** One number for each thing that can be wrong, and the alerts. */
export const tiles = [
  stat({
    ...tile,
    title: 'Critical alerts',
    description: 'Critical alerts. The table below has these and the warnings.',
    unit: 'none',
    expr: countOrZero(firing('critical'), recorded),
    thresholds: anyIs('critical'),
    noValue: 'No rules or machines',
  }),
  stat({
    ...tile,
    title: 'Fullest table',
    description: 'Entries of the fullest connection tracking table, over its limit.',
    unit: 'percentunit',
    decimals: 0,
    expr: `max(${used})`,
    thresholds: usedSteps,
    noValue: 'No table was read',
    links: [details('conntrack'), runbook('ConntrackTableNearlyFull')],
  }),
  stat({
    ...tile,
    title: 'Settles at',
    description:
      'Level at which the worst connection tracking table settles if flows continue to arrive as they do now. Above 100 % it fills up.',
    unit: 'percentunit',
    decimals: 0,
    expr: `max(${settles})`,
    thresholds: settlesSteps,
    noValue: 'No table was read',
    links: [details('conntrack'), runbook('ConntrackEquilibriumHigh')],
  }),
  stat({
    ...tile,
    title: 'First is full in',
    description: 'Time until the first connection tracking table is full if flows continue to arrive as they do now.',
    unit: 's',
    decimals: 0,
    expr: `min(${fullIn})`,
    thresholds: fullInSteps,
    mappings: fullInMappings,
    noValue: 'No table was read',
    links: [details('conntrack'), runbook('ConntrackTableFullSoon')],
  }),
  stat({
    ...tile,
    title: 'Evicted, dropped',
    description: 'Flows that full tables evict, and packets that they drop, per second. Evictions are in no log.',
    unit: 'cps',
    expr: `sum(${lossRate('early_drop')} + ${lossRate('drop')} * (${nearlyFull}))`,
    thresholds: anyIs('critical'),
    noValue: 'Not counted',
    links: [details('conntrack'), runbook('ConntrackTableEvicting'), runbook('ConntrackTableDropping')],
  }),
  stat({
    ...tile,
    title: 'No single master',
    description: 'Virtual addresses that no director is master for, or more than one.',
    unit: 'none',
    expr: withoutOneMaster,
    thresholds: anyIs('critical'),
    noValue: noAddresses,
    links: [details('keepalived'), runbook('KeepalivedNoMaster'), runbook('KeepalivedSplitBrain')],
  }),
  stat({
    ...tile,
    title: 'Dead services',
    description:
      'IPVS services whose real servers have weight 0, or that have none: they take no new connections. Nodes of ' +
      'Kubernetes are left out: there such services are normal.',
    unit: 'none',
    expr: countOrZero(`${services} == 0 unless ${onKubernetes}`, services),
    thresholds: anyIs('critical'),
    noValue: 'No IPVS was read',
    links: [details('ipvs'), runbook('IpvsServiceWithoutRealServers'), runbook('IpvsServiceWeightZero')],
  }),
  stat({
    ...tile,
    title: 'Blind spots',
    description: 'Exporters that are down, and collectors that fail: problems there are not detected.',
    unit: 'none',
    expr: `(${countOrZero(`${exportersUp} == 0`, exportersUp)}) + (${countOrZero(`lvs_exporter_collector_success{${own}} == 0`, exportersUp)})`,
    thresholds: anyIs('warning'),
    noValue: 'No exporter',
    links: [details('exporter'), runbook('LvsExporterTargetDown'), runbook('LvsExporterCollectorFailing')],
  }),
  table({
    title: 'Alerts that go off',
    description: 'Each alert has a runbook: what it means, what to look at, and what to do. Pick its name.',
    width: 24,
    height: 5,
    noValue: 'No alerts, or the rules of alerts/ are not loaded',
    // Alphabetically: what is critical comes before what is a warning.
    sortBy: [{ heading: 'Severity', ascending: true }, { heading: 'Since' }],
    labels: [
      {
        label: 'severity',
        heading: 'Severity',
        width: 110,
        display: 'color-background',
        mappings: [
          valueMapping({
            critical: { text: 'critical', color: colours.critical },
            warning: { text: 'warning', color: colours.warning },
          }),
        ],
      },
      { label: 'alertname', heading: 'Alert', width: 280, links: [runbookOfCell] },
      { label: 'cluster', heading: 'Cluster', width: 170 },
      machineColumn,
      { label: 'netns', heading: 'Network namespace' },
      { label: 'address', heading: 'Address' },
      { label: 'port', heading: 'Port', width: 70 },
    ],
    columns: [
      {
        heading: 'Since',
        expr: `ALERTS_FOR_STATE{${together}} * 1000 and ignoring (alertstate) ${firing('critical', 'warning')}`,
        unit: 'dateTimeFromNow',
        width: 180,
      },
    ],
  }),
];
