import { buildInfo } from '../../src/scrape/exporter-metrics.ts';
import { createDashboard } from './dashboard.ts';
import { collectorPanels, machinePanels, noExporter } from './exporter-collectors.ts';
import { processPanels } from './exporter-process.ts';
import { runbook } from './links.ts';
import { countOrZero, exportersUp, own } from './query.ts';
import { stat } from './stat.ts';
import { anyIs } from './steps.ts';

const tile = { width: 6, height: 4 } as const;

const success = `lvs_exporter_collector_success{${own}}`;
const hostNetwork = `lvs_host_network_namespace{${own}}`;

const summaryPanels = [
  stat({
    ...tile,
    title: 'Exporters down',
    description: 'Machines that are not monitored now.',
    unit: 'none',
    expr: countOrZero(`${exportersUp} == 0`, exportersUp),
    thresholds: anyIs('warning'),
    noValue: noExporter,
    links: [runbook('LvsExporterTargetDown')],
  }),
  stat({
    ...tile,
    title: 'Collector faults',
    description: 'Their metrics are missing. The log of the exporter has the reason and the missing privilege.',
    unit: 'none',
    expr: countOrZero(`${success} == 0`, success),
    thresholds: anyIs('warning'),
    noValue: noExporter,
    links: [runbook('LvsExporterCollectorFailing')],
  }),
  stat({
    ...tile,
    title: 'Series left out',
    description: 'Series above the limit of a collector, which are not exported.',
    unit: 'none',
    expr: `sum(lvs_exporter_series_limited{${own}}) or 0 * count(${success})`,
    thresholds: anyIs('info'),
    noValue: noExporter,
    links: [runbook('LvsExporterSeriesLimited')],
  }),
  stat({
    ...tile,
    title: 'Outside host net',
    description:
      'Exporters that do not see the connections of their host: run them in the network namespace of the host.',
    unit: 'none',
    expr: countOrZero(`${hostNetwork} == 0`, hostNetwork),
    thresholds: anyIs('warning'),
    noValue: noExporter,
    links: [runbook('LvsExporterNotInHostNamespace')],
  }),
];

/** Whether the others can be trusted. */
export const exporter = createDashboard({
  uid: 'exporter',
  title: 'LVS exporter health',
  description: 'Whether the exporters answer, what they can read, and what they cost.',
  tags: [],
  machinesWith: buildInfo.name,
  rows: [
    { title: 'Summary', panels: summaryPanels },
    { title: 'Collectors', panels: collectorPanels },
    { title: 'Machines and sources', panels: machinePanels },
    { title: 'Scrapes and the process', panels: processPanels, collapsed: true },
  ],
});
