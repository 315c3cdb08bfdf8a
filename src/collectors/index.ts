import type { Collector } from '../collector.ts';
import { conntrack } from './conntrack.ts';
import { type ConntrackTableOptions, createConntrackTable } from './conntrack-table.ts';
import { inTurn } from './in-turn.ts';
import { createIpvs, type IpvsOptions } from './ipvs.ts';
import { keepalived } from './keepalived.ts';
import { inNamespace } from './namespaced.ts';
import { platform } from './platform.ts';

export interface CollectorSettings {
  readonly ipvs: IpvsOptions;
  readonly table: ConntrackTableOptions;
  /** Other network namespaces whose connection tracking is read as well: names below /run/netns, or paths. */
  readonly namespaces: readonly string[];
}

/** All collectors, in the order in which they are served. A new one is one line here. */
export function createCollectors({ ipvs, table, namespaces }: CollectorSettings): Collector[] {
  const everywhere = (create: () => Collector) => [
    create(),
    ...namespaces.map((namespace) => inNamespace(create(), namespace)),
  ];
  return [
    createIpvs(ipvs),
    ...everywhere(() => conntrack),
    ...inTurn(everywhere(() => createConntrackTable(table))),
    keepalived,
    platform,
  ];
}

export const defaultSettings: CollectorSettings = {
  ipvs: { mostSeries: 20_000, aggregate: false, upstreamConntrackLimit: undefined },
  table: { wholeEntries: 262_144, sampleEntries: 30_000, destinations: 20 },
  namespaces: [],
};

/** The collectors of this machine's own namespace, as they are by default. Flags and documentation derive from them. */
export const defaultCollectors: readonly Collector[] = createCollectors(defaultSettings);
