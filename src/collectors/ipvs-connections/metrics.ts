import { gauge } from '../../scrape/metric.ts';

export const classLabels = ['protocol', 'state', 'origin'] as const;

export const ipvsConnectionEntries = gauge(
  'ipvs_connection_entries',
  'Connections that the last scan read. origin="sync": told by another director. UDP has no states.',
  classLabels,
);
export const ipvsConnectionTemplates = gauge(
  'ipvs_connection_templates',
  'Templates, that are no connections: each keeps a client with its real server. protocol="ip": of a firewall mark.',
  classLabels,
);
export const ipvsConnectionScanEntries = gauge(
  'ipvs_connection_scan_entries',
  'Connections and templates that the last scan read.',
);
export const ipvsConnectionScanTruncated = gauge(
  'ipvs_connection_scan_truncated',
  'Whether the last scan ended at its limit (1): what it read is then a random sample. 0 when it read all.',
);
export const ipvsConnectionScanDurationSeconds = gauge(
  'ipvs_connection_scan_duration_seconds',
  'How long the last scan of connections took.',
);
export const ipvsConnectionScanTimestampSeconds = gauge(
  'ipvs_connection_scan_timestamp_seconds',
  'When the last scan of connections ended.',
);

export const ipvsConnectionMetrics = [
  ipvsConnectionEntries,
  ipvsConnectionTemplates,
  ipvsConnectionScanEntries,
  ipvsConnectionScanTruncated,
  ipvsConnectionScanDurationSeconds,
  ipvsConnectionScanTimestampSeconds,
];
