import { gauge, type Sample, sample } from '../../scrape/metric.ts';
import type { ConnectionClass } from './tally.ts';

const classLabels = ['protocol', 'state', 'origin'] as const;

const connections = gauge(
  'ipvs_connection_entries',
  'Connections that the last scan read. origin="sync": told by another director. UDP has no states.',
  classLabels,
);
const templates = gauge(
  'ipvs_connection_templates',
  'Templates, that are no connections: each keeps a client with its real server. protocol="ip": of a firewall mark.',
  classLabels,
);
const scanEntries = gauge('ipvs_connection_scan_entries', 'Connections and templates that the last scan read.');
const scanTruncated = gauge(
  'ipvs_connection_scan_truncated',
  'Whether the last scan ended at its limit (1): what it read is then a random sample. 0 when it read all.',
);
const scanDuration = gauge('ipvs_connection_scan_duration_seconds', 'How long the last scan of connections took.');
const scanTimestamp = gauge('ipvs_connection_scan_timestamp_seconds', 'When the last scan of connections ended.');

export const ipvsConnectionMetrics = [connections, templates, scanEntries, scanTruncated, scanDuration, scanTimestamp];

export function sampleConnections(classes: readonly ConnectionClass[]): Sample[] {
  return classes.map(({ protocol, state, origin, template, entries }) =>
    sample(template ? templates : connections, entries, { protocol, state, origin }),
  );
}

export interface ConnectionScan {
  readonly entries: number;
  readonly complete: boolean;
  readonly seconds: number;
  /** Unix time. */
  readonly endedSeconds: number;
}

export function sampleScan({ entries, complete, seconds, endedSeconds }: ConnectionScan): Sample[] {
  return [
    sample(scanEntries, entries),
    sample(scanTruncated, complete ? 0 : 1),
    sample(scanDuration, seconds),
    sample(scanTimestamp, endedSeconds),
  ];
}
