import { vrrpInstance } from '../../alerts/src/vrrp-pairs.ts';
import { thresholds } from '../../src/identity/thresholds.ts';
import { largest, notOne } from './choice.ts';
import { colours } from './colours.ts';
import { machineDetails, runbook } from './links.ts';
import { own } from './query.ts';
import { clusterName, machineName } from './short-names.ts';
import { stateTimeline } from './state-timeline.ts';
import { rangeMapping, valueMapping } from './states.ts';
import { rising } from './steps.ts';
import { machineColumn, table } from './table.ts';
import { timeSeries } from './time-series.ts';
import { instanceName, masterElsewhere, mastersOfAddress, noAddresses, noKeepalived, vrrpTimeline } from './vrrp.ts';

const half = { width: 12, height: 9 } as const;
const short = { width: 12, height: 7 } as const;

/** Over two minutes: the counters move when keepalived writes its dumps, which is less often than a scrape. */
const perMinute = (counter: string) => `increase(keepalived_vrrp_${counter}_total{${own}}[2m]) / 2`;

const mastersMappings = [
  valueMapping({
    [masterElsewhere]: { text: 'Received from a machine without exporter', color: colours.passing },
    0: { text: 'No master', color: colours.critical },
    1: { text: 'One master', color: colours.good },
    2: { text: 'Two masters', color: colours.critical },
    3: { text: 'Three masters', color: colours.critical },
  }),
  rangeMapping(4, { text: 'Four masters or more', color: colours.critical }),
];

/** Who is master, and whether that is so. */
export const statePanels = [
  vrrpTimeline(half),
  stateTimeline({
    ...half,
    title: 'Masters of each virtual address',
    description:
      'Must be one. None: no machine answers for the address, or no exporter of its directors answers. Two: ' +
      'both answer, and clients get either; look at the advertisements below and at what may filter them between the ' +
      'directors.',
    queries: [notOne(mastersOfAddress, `{{address}} ${clusterName}`)],
    mappings: mastersMappings,
    noValue: noAddresses,
    links: [runbook('KeepalivedNoMaster'), runbook('KeepalivedSplitBrain')],
  }),
  stateTimeline({
    ...half,
    title: 'Virtual addresses in the kernel',
    description:
      'Whether the address really is on the interface. "Misplaced": it is missing on the master, or set on a machine ' +
      'that is not.',
    queries: [
      largest(
        `keepalived_vrrp_address_bound{${own}} + 2 * (keepalived_vrrp_address_bound{${own}} != bool ` +
          `on (${vrrpInstance}) group_left () keepalived_vrrp_state{${own},state="master"})`,
        `{{address}} on ${machineName} {{daemon}}`,
      ),
    ],
    mappings: [
      valueMapping({
        0: { text: 'Not here', color: colours.backup },
        1: { text: 'Here', color: colours.good },
        2: { text: 'Misplaced: missing on the master', color: colours.critical },
        3: { text: 'Misplaced: here, and not the master', color: colours.critical },
      }),
    ],
    noValue: noAddresses,
    links: [runbook('KeepalivedAddressMisplaced')],
  }),
  timeSeries({
    ...half,
    title: 'Priorities',
    description:
      'The highest effective priority becomes master. Base is what is configured, effective is after what it tracks.',
    unit: 'none',
    queries: [largest(`keepalived_vrrp_priority{${own}}`, `{{kind}} ${instanceName}`)],
    noValue: noKeepalived,
    links: [runbook('KeepalivedPairDiffers')],
  }),
];

/** Advertisements between the directors. */
export const advertisementPanels = [
  timeSeries({
    ...short,
    title: 'Transitions per hour',
    description:
      'Gained: how often an instance became master. Lost: how often it ceased to be. 0 but for a planned failover. Often: it flaps.',
    unit: 'short',
    queries: [
      largest(`increase(keepalived_vrrp_became_master_total{${own}}[1h])`, `Gained, ${instanceName}`),
      largest(`increase(keepalived_vrrp_released_master_total{${own}}[1h])`, `Lost, ${instanceName}`),
    ],
    noValue: noKeepalived,
    links: [runbook('KeepalivedFlapping')],
  }),
  timeSeries({
    ...short,
    title: 'Advertisements per minute',
    description:
      'A master sends and its backups receive the same number. A backup that receives none, beside a master that ' +
      'sends, is cut off from it: it becomes master as well.',
    unit: 'short',
    queries: [
      largest(perMinute('advertisements_sent'), `Sent, ${instanceName}`),
      largest(perMinute('advertisements_received'), `Received, ${instanceName}`),
    ],
    noValue: noKeepalived,
    links: [runbook('KeepalivedSplitBrain')],
  }),
  timeSeries({
    ...short,
    title: 'Refused advertisements',
    description:
      'By reason. If there are any, the two sides are configured differently, or another machine uses the VRID.',
    unit: 'cps',
    queries: [largest(`rate(keepalived_vrrp_errors_total{${own}}[$__rate_interval]) > 0`, `{{kind}}, ${instanceName}`)],
    thresholds: rising(thresholds.keepalivedRefused),
    noValue: 'No refused advertisements, or no keepalived',
    links: [runbook('KeepalivedAdvertisementsRefused')],
  }),
  timeSeries({
    ...short,
    title: 'Resignations per hour',
    description:
      'Advertisements with priority 0, by which a master resigns: keepalived was stopped, or went into fault.',
    unit: 'short',
    queries: [
      largest(`increase(keepalived_vrrp_priority_zero_sent_total{${own}}[1h])`, `Sent, ${instanceName}`),
      largest(`increase(keepalived_vrrp_priority_zero_received_total{${own}}[1h])`, `Received, ${instanceName}`),
    ],
    noValue: noKeepalived,
  }),
  timeSeries({
    ...short,
    title: 'Announcements per hour',
    description:
      'What keepalived announced in its notify FIFO: every change of state, also one too short for a dump to show ' +
      'it. Where the exporter reads it: --collector.keepalived.notify-fifo.',
    unit: 'short',
    queries: [
      largest(`increase(keepalived_vrrp_notifications_total{${own}}[1h]) > 0`, `{{event}}, ${instanceName}`),
      largest(
        `increase(keepalived_sync_group_notifications_total{${own}}[1h]) > 0`,
        `{{event}}, group {{group}} on ${machineName} {{daemon}}`,
      ),
    ],
    noValue: 'No announcements, or the notify FIFO is not read',
  }),
  table({
    ...short,
    title: 'Last transitions',
    description: 'When each instance last changed its state, and to which.',
    noValue: noKeepalived,
    sortBy: [{ heading: 'Since' }],
    labels: [
      { ...machineColumn, links: [machineDetails('ipvs')] },
      { label: 'instance_name', heading: 'Instance', width: 86 },
      { label: 'daemon', heading: 'keepalived', width: 100 },
    ],
    columns: [
      { heading: 'Now', expr: `keepalived_vrrp_state{${own}} == 1`, showLabel: 'state', width: 78 },
      {
        heading: 'Since',
        expr: `keepalived_vrrp_last_transition_timestamp_seconds{${own}} * 1000`,
        unit: 'dateTimeFromNow',
      },
    ],
  }),
];
