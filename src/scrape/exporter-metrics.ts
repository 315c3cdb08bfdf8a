import { gauge } from './metric.ts';

export const buildInfo = gauge('lvs_exporter_build_info', 'The exporter itself. Always 1.', [
  'version',
  'revision',
  'node_version',
]);
export const collectorSuccess = gauge(
  'lvs_exporter_collector_success',
  'Whether the collector worked (1) or failed (0). Absent if the machine does not have its source.',
  ['collector'],
);
export const collectorAvailable = gauge(
  'lvs_exporter_collector_available',
  'Whether the machine has what the collector reads (1) or not (0): a module not loaded, no keepalived.',
  ['collector'],
);
export const collectorDuration = gauge(
  'lvs_exporter_collector_duration_seconds',
  'Duration of the last run of the collector.',
  ['collector'],
);
export const collectorInterval = gauge(
  'lvs_exporter_collector_interval_seconds',
  'Time from the last run of a collector that has a schedule to the next, or from that to the one after it if that is longer.',
  ['collector'],
);
export const collectorLastSuccess = gauge(
  'lvs_exporter_collector_last_success_timestamp_seconds',
  'Time of the last successful run of the collector.',
  ['collector'],
);
export const sourceInfo = gauge('lvs_exporter_source_info', 'Source that a collector reads. Always 1.', [
  'collector',
  'source',
]);

export const seriesLimited = gauge(
  'lvs_exporter_series_limited',
  'Number of series that the limit of a collector leaves out. 0 normally.',
  ['collector'],
);

/** Those that are not any collector's. */
export const exporterMetrics = [
  buildInfo,
  collectorAvailable,
  collectorSuccess,
  collectorDuration,
  collectorInterval,
  collectorLastSuccess,
  sourceInfo,
  seriesLimited,
] as const;
