import { ipvsTraffic } from '../../collectors/ipvs/metrics.ts';
import { lvsPlatformInfo } from '../../collectors/platform/metrics.ts';
import { diagnoseReadings } from '../../diagnosis/diagnose.ts';
import type { Finding } from '../../diagnosis/finding.ts';
import { type Destination, listDestinations } from '../../readings/destinations.ts';
import {
  listSources,
  listStates,
  listZones,
  type Source,
  type StateHolding,
  type Zone,
} from '../../readings/holders.ts';
import { type Readings, splitByNamespace } from '../../readings/readings.ts';
import { readTable, type Table } from '../../readings/table.ts';
import type { Sample } from '../../scrape/metric.ts';
import { type Level, worstLevel } from '../markup/level.ts';
import { type CollectorHealth, listCollectors } from './collector-health.ts';
import { connectionRates } from './connection-rates.ts';
import { type DownServer, listDownServers } from './down-servers.ts';
import { type ListedService, listServices } from './services.ts';
import { levelOfTiles, servicesTile, type Tile, tableTiles, upstreamTile, vrrpTile } from './summary.ts';
import { readUpstreamNeed, type UpstreamNeed } from './upstream-need.ts';
import { readVrrp, type Vrrp } from './vrrp.ts';

/** What the runner gave at a moment. */
export interface Notes {
  /** Unix time. */
  readonly atSeconds: number;
  readonly samples: readonly Sample[];
}

/** All that the page shows, before it is markup. */
export interface Status {
  readonly atSeconds: number;
  readonly level: Level;
  readonly machine: Machine;
  readonly findings: readonly Finding[];
  readonly summary: readonly TileGroup[];
  /** That of the exporter's own network namespace first. */
  readonly tables: readonly NamespaceTable[];
  readonly destinations: readonly Destination[];
  readonly sources: readonly Source[];
  readonly zones: readonly Zone[];
  readonly states: readonly StateHolding[];
  readonly upstream: UpstreamNeed | undefined;
  readonly services: readonly ListedService[];
  readonly downServers: readonly DownServer[];
  readonly vrrp: Vrrp | undefined;
  readonly collectors: readonly CollectorHealth[];
}

/** As in lvs_platform_info; empty where it is not known yet. */
export interface Machine {
  readonly role: string;
  readonly platform: string;
  readonly virtualization: string;
  readonly kernel: string;
}

export interface TileGroup {
  readonly title: string;
  readonly tiles: readonly Tile[];
}

export interface NamespaceTable {
  /** Undefined for the exporter's own. */
  readonly netns: string | undefined;
  readonly table: Table;
}

/** Notes closer together show little of how fast a counter rises. */
const minSeconds = 1;

/** The notes before these, if they are old enough. */
export function comparable<Noted extends Pick<Notes, 'atSeconds'>>(
  { atSeconds }: Noted,
  last: Noted | undefined,
): Noted | undefined {
  return last && atSeconds - last.atSeconds >= minSeconds ? last : undefined;
}

/** @param last the notes before these; without them nothing is reported that only the rise of a counter shows. */
export function describeStatus(notes: Notes, last: Notes | undefined): Status {
  const { atSeconds, samples } = notes;
  const before = comparable(notes, last);
  const namespaces = splitByNamespace(samples, before?.samples);
  const [own] = namespaces;
  if (own === undefined) throw new Error('Cannot describe a machine without a network namespace');
  const findings = diagnoseReadings(namespaces);
  const rates = connectionRates(samples, before?.samples ?? [], own.elapsedSeconds(ipvsTraffic.connections) ?? 0);
  const services = listServices(own, samples, rates);
  const upstream = readUpstreamNeed(own);
  const vrrp = readVrrp(own);
  const virtualServers = services.length > 0 ? [servicesTile(services)] : [];
  const summary = [...directorTiles(virtualServers, upstream, vrrp), ...ownTableTiles(own)];
  return {
    atSeconds,
    level: worstLevel([
      ...findings.map(({ severity }) => severity),
      ...(summary.length === 0 ? (['unknown'] as const) : summary.map(({ tiles }) => levelOfTiles(tiles))),
    ]),
    machine: readMachine(own),
    findings,
    summary,
    tables: namespaces.flatMap((readings) => {
      const table = readTable(readings);
      return table ? [{ netns: readings.netns, table }] : [];
    }),
    destinations: largestFirst(namespaces.flatMap(listDestinations)),
    sources: largestFirst(namespaces.flatMap(listSources)),
    zones: largestFirst(namespaces.flatMap(listZones)),
    states: largestFirst(namespaces.flatMap(listStates)),
    upstream,
    services,
    downServers: listDownServers(own),
    vrrp,
    collectors: listCollectors(own),
  };
}

function largestFirst<T extends { readonly entries: number }>(all: readonly T[]): T[] {
  return [...all].sort((one, other) => other.entries - one.entries);
}

function readMachine(readings: Readings): Machine {
  const { role = '', platform = '', virtualization = '', kernel = '' } = readings.all(lvsPlatformInfo)[0]?.labels ?? {};
  return { role, platform, virtualization, kernel };
}

function directorTiles(
  virtualServers: readonly Tile[],
  upstream: UpstreamNeed | undefined,
  vrrp: Vrrp | undefined,
): TileGroup[] {
  const tiles = [...(upstream ? [upstreamTile(upstream)] : []), ...virtualServers, ...(vrrp ? [vrrpTile(vrrp)] : [])];
  return tiles.length > 0 ? [{ title: 'Director', tiles }] : [];
}

function ownTableTiles(readings: Readings): TileGroup[] {
  const table = readTable(readings);
  return table ? [{ title: 'Connection tracking', tiles: tableTiles(readings, table) }] : [];
}
