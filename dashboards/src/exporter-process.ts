import { largest } from './choice.ts';
import { noExporter } from './exporter-collectors.ts';
import { ofExporters, own } from './query.ts';
import { machineName } from './short-names.ts';
import { timeSeries } from './time-series.ts';

const half = { width: 12, height: 8 } as const;

/** What the exporters cost. */
export const processPanels = [
  timeSeries({
    ...half,
    title: 'Duration of a scrape',
    description: `As Prometheus sees it. A collector that takes longer than Prometheus waits counts as failed.`,
    unit: 's',
    queries: [largest(ofExporters('scrape_duration_seconds'), machineName)],
    noValue: noExporter,
  }),
  timeSeries({
    ...half,
    title: 'Samples of a scrape',
    description: `How many series each machine brings. Most are those of real servers.`,
    unit: 'short',
    queries: [largest(ofExporters('scrape_samples_scraped'), machineName)],
    noValue: noExporter,
  }),
  timeSeries({
    ...half,
    title: 'Processor time',
    description: `Of the exporter: 100 % is one processor.`,
    unit: 'percentunit',
    queries: [
      largest(
        `rate(process_cpu_seconds_total{${own}}[$__rate_interval]) and on (job, cluster, instance) lvs_exporter_build_info{${own}}`,
        machineName,
      ),
    ],
    noValue: noExporter,
  }),
  timeSeries({
    ...half,
    title: 'Memory',
    description: `Resident memory of the exporter. Reading a table of a million entries takes the most.`,
    unit: 'bytes',
    queries: [largest(ofExporters('process_resident_memory_bytes'), machineName)],
    noValue: noExporter,
  }),
  timeSeries({
    ...half,
    title: 'Delay of the event loop, 99th percentile',
    description: `How long a scrape waits for something else in the exporter. Milliseconds are usual.`,
    unit: 's',
    queries: [largest(ofExporters('nodejs_eventloop_lag_p99_seconds'), machineName)],
    noValue: noExporter,
  }),
  timeSeries({
    ...half,
    title: 'Open files',
    description: `Of the exporter. A number that rises for days is a leak.`,
    unit: 'short',
    queries: [largest(ofExporters('process_open_fds'), machineName)],
    noValue: noExporter,
  }),
];
