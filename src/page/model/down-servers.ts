import {
  keepalivedRealServerFailedCheckers,
  keepalivedRealServerUp,
} from '../../collectors/keepalived-checkers/metrics.ts';
import { endpoint } from '../../readings/format.ts';
import type { Readings } from '../../readings/readings.ts';
import { realServerKey, virtualServerName } from './virtual-server.ts';

/** A real server that keepalived holds to be down. It is mostly not in the kernel's table any more. */
export interface DownServer {
  readonly name: string;
  readonly service: string;
  /** Kinds of checkers that it fails: `tcp`, `http`. */
  readonly failedCheckers: readonly string[];
}

export function listDownServers(readings: Readings): DownServer[] {
  const failedCheckers = new Map<string, string[]>();
  for (const { labels, value } of readings.all(keepalivedRealServerFailedCheckers)) {
    if (value === 0) continue;
    const key = realServerKey(labels);
    failedCheckers.set(key, [...(failedCheckers.get(key) ?? []), labels.checker ?? '']);
  }
  const down = readings.all(keepalivedRealServerUp).filter(({ value }) => value === 0);
  return down.map(({ labels }) => ({
    name: endpoint(labels.real_address ?? '', labels.real_port ?? ''),
    service: virtualServerName(labels),
    failedCheckers: failedCheckers.get(realServerKey(labels)) ?? [],
  }));
}
