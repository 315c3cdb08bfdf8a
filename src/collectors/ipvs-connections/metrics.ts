import { gauge } from '../../scrape/metric.ts';

export const classLabels = ['protocol', 'state', 'origin'] as const;

export const ipvsConnectionEntries = gauge(
  'ipvs_connection_entries',
  'Number of connections that the last scan read. origin="sync": received from another director. UDP has no states.',
  classLabels,
);
export const ipvsConnectionTemplates = gauge(
  'ipvs_connection_templates',
  'Number of persistence templates, each of which keeps a client with its real server. protocol="ip": of a firewall mark.',
  classLabels,
);
export const ipvsConnectionsWithoutRealServer = gauge(
  'ipvs_connections_without_real_server',
  'Number of UDP flows and established connections to a real server that their virtual server does not have. With net.ipv4.vs.expire_nodest_conn=0, IPVS drops their packets.',
  ['protocol'],
);
export const ipvsConnectionIdleEntries = gauge(
  'ipvs_connection_idle_entries',
  'Number of established TCP connections without a packet for more than half of their timeout. Absent without netlink.',
);
export const ipvsConnectionScanEntries = gauge(
  'ipvs_connection_scan_entries',
  'Connections and templates that the last scan read.',
);
export const ipvsConnectionScanTruncated = gauge(
  'ipvs_connection_scan_truncated',
  'Whether the last scan ended at its limit (1): the result is then a random sample. 0 if it read everything.',
);
export const ipvsConnectionScanDurationSeconds = gauge(
  'ipvs_connection_scan_duration_seconds',
  'Duration of the last scan of connections.',
);
export const ipvsConnectionScanTimestampSeconds = gauge(
  'ipvs_connection_scan_timestamp_seconds',
  'End of the last scan of connections.',
);

export const ipvsConnectionMetrics = [
  ipvsConnectionEntries,
  ipvsConnectionTemplates,
  ipvsConnectionsWithoutRealServer,
  ipvsConnectionIdleEntries,
  ipvsConnectionScanEntries,
  ipvsConnectionScanTruncated,
  ipvsConnectionScanDurationSeconds,
  ipvsConnectionScanTimestampSeconds,
];
