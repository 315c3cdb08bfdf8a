import {
  keepalivedRealServerFailedCheckers,
  keepalivedRealServerUp,
} from '../../collectors/keepalived-checkers/metrics.ts';
import { endpoint } from '../../identity/address.ts';
import { nameService, realServerKey } from '../../identity/virtual-server.ts';
import type { Readings } from '../../readings/readings.ts';
import { createWithName } from '../../readings/service-names.ts';

/** A real server that keepalived considers down. It is usually no longer in the kernel's table. */
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
  const withName = createWithName(readings);
  const down = readings.all(keepalivedRealServerUp).filter(({ value }) => value === 0);
  return down.map(({ labels }) => ({
    name: endpoint(labels.real_address ?? '', labels.real_port ?? ''),
    service: nameService(withName(labels)),
    failedCheckers: failedCheckers.get(realServerKey(labels)) ?? [],
  }));
}
