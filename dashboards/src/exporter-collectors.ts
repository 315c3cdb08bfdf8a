import { defaultCollectors } from '../../src/collectors/index.ts';
import { scanIntervalSeconds } from '../../src/identity/scan-interval.ts';
import { changing, largest } from './choice.ts';
import { colours } from './colours.ts';
import { runbook } from './links.ts';
import { exportersUp, own } from './query.ts';
import { machineName } from './short-names.ts';
import { stateTimeline } from './state-timeline.ts';
import { valueMapping } from './states.ts';
import { machineColumn, table } from './table.ts';
import { timeSeries } from './time-series.ts';

/** What is shown where nothing is known of any exporter. */
export const noExporter = 'No exporter answers';

const half = { width: 12, height: 8 } as const;

const collectorStates = valueMapping({
  1: { text: 'Works', color: colours.good },
  0: { text: 'Fails', color: colours.critical },
  '-1': { text: 'No source', color: colours.unknown },
});

const answers = valueMapping({
  1: { text: 'Yes', color: colours.good },
  0: { text: 'No', color: colours.critical },
});

/** One of each kind. Those of other network namespaces, `conntrack@NAME`, count with it: the worst one is shown. */
const collectorColumns = defaultCollectors.map(({ name }) => {
  const which = `${own},collector=~"${name}(@.+)?"`;
  return {
    heading: name.replace(/^(ipvs|conntrack|keepalived)-/, ''),
    expr: `min by (job, cluster, instance) (lvs_exporter_collector_success{${which}} or lvs_exporter_collector_available{${which}} - 1)`,
    mappings: [collectorStates],
    width: 85,
    display: 'color-text',
  } as const;
});

/** What each exporter can read. */
export const collectorPanels = [
  table({
    title: 'Collectors',
    description: '"No source": the machine does not have the source, such as keepalived or IPVS. That is no fault.',
    width: 24,
    height: 7,
    noValue: noExporter,
    links: [runbook('LvsExporterCollectorFailing')],
    labels: [machineColumn],
    columns: collectorColumns,
  }),
  stateTimeline({
    title: 'Collectors that failed',
    description: 'When each collector failed and when it worked again. The log of the exporter has the reason.',
    width: 24,
    height: 5,
    queries: [
      changing(
        `lvs_exporter_collector_success{${own}} and min_over_time(lvs_exporter_collector_success{${own}}[$__range]) == 0`,
        `{{collector}} on ${machineName}`,
      ),
    ],
    mappings: [collectorStates],
    noValue: 'No collector failed in this time, or no exporter answered',
    links: [runbook('LvsExporterCollectorFailing')],
  }),
  timeSeries({
    ...half,
    title: 'Duration of the collectors',
    description: `How long the last run of each took.`,
    unit: 's',
    queries: [largest(`lvs_exporter_collector_duration_seconds{${own}}`, `{{collector}} on ${machineName}`)],
    noValue: noExporter,
  }),
  timeSeries({
    ...half,
    title: 'Since a collector last worked',
    description: `Those with a schedule run every ${scanIntervalSeconds} s or more. If the age keeps rising, the collector fails or hangs.`,
    unit: 's',
    queries: [
      largest(
        `time() - lvs_exporter_collector_last_success_timestamp_seconds{${own}}`,
        `{{collector}} on ${machineName}`,
      ),
    ],
    noValue: noExporter,
  }),
  timeSeries({
    width: 24,
    height: 5,
    title: 'Series left out by collector',
    description: 'Series above the limit of each collector, which are not exported.',
    unit: 'short',
    queries: [largest(`lvs_exporter_series_limited{${own}} > 0`, `{{collector}} on ${machineName}`)],
    noValue: 'No series left out, or no exporter answers',
    links: [runbook('LvsExporterSeriesLimited')],
  }),
];

/** What the machines are. */
export const machinePanels = [
  table({
    title: 'Machines',
    description: 'Whether the exporter of each machine answers; platform, kernel and role, those that do not on top.',
    width: 24,
    height: 8,
    noValue: noExporter,
    sortBy: [{ heading: 'Answers', ascending: true }],
    links: [runbook('LvsExporterTargetDown')],
    labels: [machineColumn],
    columns: [
      { heading: 'Answers', expr: exportersUp, mappings: [answers], width: 100, display: 'color-text' },
      { heading: 'Exporter', expr: `lvs_exporter_build_info{${own}}`, showLabel: 'version', width: 110 },
      { heading: 'Role', expr: `lvs_platform_info{${own}}`, showLabel: 'role', width: 85 },
      { heading: 'Platform', expr: `lvs_platform_info{${own}}`, showLabel: 'platform', width: 110 },
      { heading: 'Kernel', expr: `lvs_platform_info{${own}}`, showLabel: 'kernel', width: 230 },
      { heading: 'Memory', expr: `lvs_platform_memory_bytes{${own}}`, unit: 'bytes', width: 90 },
      { heading: 'Host network', expr: `lvs_host_network_namespace{${own}}`, unit: 'bool_yes_no', width: 130 },
    ],
  }),
  table({
    title: 'Sources',
    description: 'Source that each collector reads. Netlink has the most data and needs CAP_NET_ADMIN.',
    width: 24,
    height: 7,
    noValue: noExporter,
    labels: [machineColumn, { label: 'collector', heading: 'Collector' }, { label: 'source', heading: 'Source' }],
    columns: [
      {
        heading: 'In use',
        expr: `lvs_exporter_source_info{${own}}`,
        mappings: [valueMapping({ 1: { text: 'yes', color: colours.good } })],
        width: 80,
      },
    ],
  }),
];
