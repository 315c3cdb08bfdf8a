import { keepalivedUp } from '../../src/collectors/keepalived/metrics.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import { largest } from './choice.ts';
import { createDashboard } from './dashboard.ts';
import { checkPanels } from './keepalived-checks.ts';
import { pairPanels } from './keepalived-pairs.ts';
import { trackerPanels } from './keepalived-trackers.ts';
import { advertisementPanels, statePanels } from './keepalived-vrrp.ts';
import { runbook } from './links.ts';
import { countOrZero, own } from './query.ts';
import { machineName } from './short-names.ts';
import { stat } from './stat.ts';
import { anyIs, rising } from './steps.ts';
import { machineColumn, table } from './table.ts';
import { timeSeries } from './time-series.ts';
import { noAddresses, noKeepalived, withoutOneMaster } from './vrrp.ts';

const tile = { width: 6, height: 4 } as const;
const half = { width: 12, height: 8 } as const;

/** How old a dump was when it was last looked at, of each keepalived that runs. */
const dumpAge =
  `clamp_min(lvs_exporter_collector_last_success_timestamp_seconds{${own},collector="keepalived"} ` +
  `- on (job, cluster, instance) group_right () keepalived_dump_timestamp_seconds{${own}} ` +
  `and on (job, cluster, instance, daemon) keepalived_up{${own}} == 1, 0)`;
const noneRuns = 'No keepalived runs';

const summaryPanels = [
  stat({
    ...tile,
    title: 'keepalived ended',
    description: 'Machines whose keepalived is not running: they cannot take over.',
    unit: 'none',
    expr: countOrZero(`keepalived_up{${own}} == 0`, `keepalived_up{${own}}`),
    thresholds: anyIs('warning'),
    noValue: noKeepalived,
    links: [runbook('KeepalivedDown')],
  }),
  stat({
    ...tile,
    title: 'No single master',
    description: 'Virtual addresses that no director is master for, or more than one. The timeline below has them.',
    unit: 'none',
    expr: withoutOneMaster,
    thresholds: anyIs('critical'),
    noValue: noAddresses,
    links: [runbook('KeepalivedNoMaster'), runbook('KeepalivedSplitBrain')],
  }),
  stat({
    ...tile,
    title: 'Flaps in 15 min',
    description: 'How often the instance that did so most became master within 15 minutes. Often: it flaps.',
    unit: 'none',
    decimals: 0,
    expr: `max(increase(keepalived_vrrp_became_master_total{${own}}[15m]))`,
    thresholds: rising({ warning: thresholds.keepalivedFlapping.warning }),
    noValue: noKeepalived,
    links: [runbook('KeepalivedFlapping')],
  }),
  stat({
    ...tile,
    title: 'Oldest dump',
    description: 'Age of the VRRP metrics. If it grows, keepalived does not answer.',
    unit: 's',
    decimals: 0,
    expr: `max(${dumpAge})`,
    thresholds: rising(thresholds.keepalivedDumpAge),
    noValue: noneRuns,
    links: [runbook('KeepalivedDumpStale'), runbook('KeepalivedDumpUnreadable')],
  }),
];

const dumpPanels = [
  timeSeries({
    ...half,
    title: 'Age of the dumps',
    description:
      'How old each dump was when the exporter last looked: less than a minute, as keepalived is asked that often.',
    unit: 's',
    queries: [largest(dumpAge, `{{dump}} of ${machineName} {{daemon}}`)],
    thresholds: rising(thresholds.keepalivedDumpAge),
    noValue: noneRuns,
    links: [runbook('KeepalivedDumpStale')],
  }),
  table({
    ...half,
    title: 'Versions, and the notify FIFO',
    description: 'Versions, and whether the notify FIFO is read: it reports changes too short for a dump.',
    noValue: noKeepalived,
    labels: [machineColumn],
    columns: [
      { heading: 'keepalived', expr: `keepalived_info{${own}}`, showLabel: 'version' },
      { heading: 'FIFO is read', expr: `keepalived_notify_fifo_up{${own}}`, unit: 'bool_yes_no' },
      {
        heading: 'Lines not understood',
        expr: `increase(keepalived_notify_fifo_malformed_lines_total{${own}}[$__range])`,
        unit: 'none',
        decimals: 0,
      },
    ],
  }),
  table({
    title: 'Processes',
    description:
      'The processes of keepalived: vrrp, checker and bfd. One that crashes is started again, after up to 60 s.',
    width: 24,
    height: 6,
    noValue: noneRuns,
    links: [runbook('KeepalivedProcessDown')],
    labels: [machineColumn, { label: 'process', heading: 'Process' }],
    columns: [
      { heading: 'Runs', expr: `keepalived_process_up{${own}}`, unit: 'bool_yes_no' },
      { heading: 'Since', expr: `1000 * keepalived_process_start_time_seconds{${own}}`, unit: 'dateTimeFromNow' },
      {
        heading: 'Restarts',
        expr: `increase(keepalived_process_restarts_total{${own}}[$__range])`,
        unit: 'none',
        decimals: 0,
      },
    ],
  }),
  table({
    title: 'Virtual addresses elsewhere',
    description:
      'Interfaces that have a virtual address beside the one where VRRP sets it: lo on a director that also is a ' +
      'real server. Anything else may answer for the address.',
    width: 24,
    height: 6,
    noValue: 'No virtual addresses elsewhere, or no keepalived',
    labels: [
      machineColumn,
      { label: 'instance_name', heading: 'VRRP instance' },
      { label: 'address', heading: 'Address' },
    ],
    columns: [{ heading: 'Interface', expr: `keepalived_vrrp_address_elsewhere_info{${own}}`, showLabel: 'device' }],
  }),
];

/** Who is master, since when, and why. */
export const keepalived = createDashboard({
  uid: 'keepalived',
  title: 'LVS keepalived and VRRP',
  description:
    'VRRP pairs, where the virtual addresses really are, what moves them, and the checks of the real servers.',
  tags: ['keepalived', 'vrrp'],
  machinesWith: keepalivedUp.name,
  rows: [
    { title: 'Summary', panels: summaryPanels },
    { title: 'Who is master', panels: statePanels },
    { title: 'Advertisements and transitions', panels: advertisementPanels },
    { title: 'Pairs', panels: pairPanels, collapsed: true },
    { title: 'What moves priorities', panels: trackerPanels, collapsed: true },
    { title: 'Services that keepalived supervises', panels: checkPanels, collapsed: true },
    { title: 'Dumps, versions, addresses', panels: dumpPanels, collapsed: true },
  ],
});
