import { type Sample, sample } from '../../scrape/metric.ts';
import {
  ipvsConnectionEntries,
  ipvsConnectionIdleEntries,
  ipvsConnectionScanDurationSeconds,
  ipvsConnectionScanEntries,
  ipvsConnectionScanTimestampSeconds,
  ipvsConnectionScanTruncated,
  ipvsConnectionsWithoutRealServer,
  ipvsConnectionTemplates,
} from './metrics.ts';
import type { ConnectionClass } from './tally.ts';

export function sampleConnections(classes: readonly ConnectionClass[]): Sample[] {
  return classes.map(({ protocol, state, origin, template, entries }) =>
    sample(template ? ipvsConnectionTemplates : ipvsConnectionEntries, entries, { protocol, state, origin }),
  );
}

export function sampleWithoutServer(counts: ReadonlyMap<string, number>): Sample[] {
  return [...counts].map(([protocol, entries]) => sample(ipvsConnectionsWithoutRealServer, entries, { protocol }));
}

export function sampleIdle(entries: number): Sample[] {
  return [sample(ipvsConnectionIdleEntries, entries)];
}

export interface ConnectionScan {
  readonly entries: number;
  readonly complete: boolean;
  readonly seconds: number;
  /** Unix time. */
  readonly endedSeconds: number;
}

export function sampleConnectionScan({ entries, complete, seconds, endedSeconds }: ConnectionScan): Sample[] {
  return [
    sample(ipvsConnectionScanEntries, entries),
    sample(ipvsConnectionScanTruncated, complete ? 0 : 1),
    sample(ipvsConnectionScanDurationSeconds, seconds),
    sample(ipvsConnectionScanTimestampSeconds, endedSeconds),
  ];
}
