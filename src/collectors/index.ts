import type { Collector } from '../scrape/collector.ts';
import { serialize } from '../scrape/serialize.ts';
import { conntrack } from './conntrack.ts';
import { type ConntrackTableOptions, createConntrackTable } from './conntrack-table/conntrack-table.ts';
import { ethtool } from './ethtool.ts';
import { createIpvs, type IpvsOptions } from './ipvs/ipvs.ts';
import { createIpvsConnections, type IpvsConnectionsOptions } from './ipvs-connections/ipvs-connections.ts';
import { keepalivedDumps } from './keepalived/dumps.ts';
import { createKeepalived, type KeepalivedOptions } from './keepalived/keepalived.ts';
import { createGroupNames } from './keepalived-checkers/group-names.ts';
import { createKeepalivedCheckers } from './keepalived-checkers/keepalived-checkers.ts';
import { collectInNamespace } from './namespaced.ts';
import { network } from './network/network.ts';
import { createOpenStack } from './openstack.ts';
import { platform } from './platform/platform.ts';

export interface CollectorSettings {
  readonly ipvs: IpvsOptions;
  readonly ipvsConnections: IpvsConnectionsOptions;
  readonly table: ConntrackTableOptions;
  readonly keepalived: KeepalivedOptions;
  /** Other network namespaces whose connection tracking is read as well: names below /run/netns, or paths. */
  readonly namespaces: readonly string[];
}

/** All collectors, in the order in which they are served. A new one is one line here. */
export function createCollectors(settings: CollectorSettings): Collector[] {
  const { ipvs, ipvsConnections, table, namespaces } = settings;
  const elsewhere = (create: () => Collector) => namespaces.map((namespace) => collectInNamespace(create(), namespace));
  const openStack = createOpenStack();
  const groupNames = createGroupNames();
  return [
    createIpvs({ ...ipvs, findGroup: groupNames.find }),
    createIpvsConnections(ipvsConnections),
    conntrack,
    ...elsewhere(() => conntrack),
    openStack.collector,
    ...serialize([createConntrackTable(table, openStack.findOwner), ...elsewhere(() => createConntrackTable(table))]),
    keepalivedDumps,
    createKeepalived(settings.keepalived),
    createKeepalivedCheckers(ipvs, groupNames),
    network,
    ethtool,
    platform,
  ];
}

/** Those of connection tracking, for further network namespaces. */
export function createNamespaceCollectors(namespaces: readonly string[]): Collector[] {
  const { table } = defaultSettings;
  return [
    ...namespaces.map((namespace) => collectInNamespace(conntrack, namespace)),
    ...serialize(namespaces.map((namespace) => collectInNamespace(createConntrackTable(table), namespace))),
  ];
}

export const defaultSettings: CollectorSettings = {
  ipvs: { maxSeries: 20_000, aggregate: false, upstreamConntrackLimit: undefined },
  ipvsConnections: { maxEntries: 100_000, maxSeconds: 2 },
  keepalived: { maxSeries: 20_000 },
  table: { fullScanMaxEntries: 262_144, sampleEntries: 30_000, destinations: 20, sources: false },
  namespaces: [],
};

/**
 * All collectors of this machine's own namespace, with the settings that they have by default. Flags and documentation
 * derive from them.
 */
export const defaultCollectors: readonly Collector[] = createCollectors(defaultSettings);
