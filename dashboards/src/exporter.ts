import { createDashboard } from './dashboard.ts';
import { collectorPanels, machinePanels, noExporter } from './exporter-collectors.ts';
import { processPanels } from './exporter-process.ts';
import { runbook } from './links.ts';
import { ofExporters, own } from './query.ts';
import { stat } from './stat.ts';
import { anyIsCritical, rising } from './steps.ts';

const tile = { width: 6, height: 4 } as const;

const summaryPanels = [
  stat({
    ...tile,
    title: 'Exporters that do not answer',
    description: 'Machines that nobody watches at the moment.',
    unit: 'none',
    expr: `count(${ofExporters('up')} == 0) or 0 * count(${ofExporters('up')})`,
    thresholds: rising({ warning: 1 }),
    noValue: noExporter,
    links: [runbook('LvsExporterTargetDown')],
  }),
  stat({
    ...tile,
    title: 'Collectors that fail',
    description: 'Their metrics are missing. The log of the exporter tells why, and what privilege would help.',
    unit: 'none',
    expr: `count(lvs_exporter_collector_success{${own}} == 0) or 0 * count(lvs_exporter_collector_success{${own}})`,
    thresholds: rising({ warning: 1 }),
    noValue: noExporter,
    links: [runbook('LvsExporterCollectorFailing')],
  }),
  stat({
    ...tile,
    title: 'Series held back',
    description: 'Series beyond the limit of a collector. What they would tell is in sums instead.',
    unit: 'none',
    expr: `sum(lvs_exporter_series_limited{${own}})`,
    thresholds: rising({ warning: 1 }),
    noValue: 'None',
    links: [runbook('LvsExporterSeriesLimited')],
  }),
  stat({
    ...tile,
    title: 'In a network namespace of their own',
    description:
      "Exporters that count other flows than the host's, and compare them with its limit: run them in its network.",
    unit: 'none',
    expr: `count(lvs_host_network_namespace{${own}} == 0) or 0 * count(lvs_host_network_namespace{${own}})`,
    thresholds: anyIsCritical,
    noValue: noExporter,
    links: [runbook('LvsExporterNotInHostNamespace')],
  }),
];

/** Whether the others can be believed. */
export const exporter = createDashboard({
  uid: 'exporter',
  title: 'LVS exporter health',
  description: 'Whether the exporters answer, what they can read, and what they cost.',
  tags: [],
  machinesWith: 'lvs_exporter_build_info',
  rows: [
    { title: 'Summary', panels: summaryPanels },
    { title: 'Collectors', panels: collectorPanels },
    { title: 'Machines and sources', panels: machinePanels },
    { title: 'Scrapes and the process', panels: processPanels, collapsed: true },
  ],
});
