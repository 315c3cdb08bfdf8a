import type { ListedService } from '../page/model/services.ts';
import type { Status } from '../page/model/status.ts';
import type { ListedInstance } from '../page/model/vrrp.ts';
import { type Destination, nameDestination } from '../readings/destinations.ts';
import { count, percent, time } from '../readings/format.ts';
import type { Source, Zone } from '../readings/holders.ts';
import { nameOwner, type PortOwner } from '../readings/port-owner.ts';
import type { ServerRates } from './server-rates.ts';
import { type ColumnOf, createTable, numberColumn, type TopTable, textColumn } from './table.ts';

/** The tables of the live view, in the order of their keys. */
export function createTables(status: Status, rates: ServerRates): TopTable[] {
  return [
    createTable('destinations', 'No tracked flows', status.destinations, [
      textColumn('Destination', (one: Destination) => inNamespace(nameDestination(one), one)),
      ...holdings(status),
      textColumn('Verdict', ({ verdict }) => verdict?.replaceAll('_', ' ') ?? ''),
      ...owners(status.destinations),
    ]),
    createTable('sources', 'Sources are shown only on the machine itself', status.sources, [
      textColumn('Source', (one: Source) => inNamespace(inZone(one.address, one.zone), one)),
      ...holdings(status),
      numberColumn('Dests', ({ destinations }) => destinations, count),
      textColumn('Verdict', ({ verdict }) => verdict?.replaceAll('_', ' ') ?? ''),
      ...owners(status.sources),
    ]),
    createTable('zones', 'No tracked flows', status.zones, [
      textColumn('Zone', (one: Zone) => inNamespace(one.zone, one)),
      ...holdings(status),
      numberColumn('Limit', ({ limit }) => limit, count),
      ...owners(status.zones),
    ]),
    createTable('services', 'No IPVS services', status.services, serviceColumns),
    createTable('real servers', 'No IPVS services', listRealServers(status, rates), serverColumns),
    createTable('vrrp', 'No keepalived', status.vrrp?.instances ?? [], vrrpColumns(status.atSeconds)),
  ];
}

type Holding = Pick<Destination, 'netns' | 'entries' | 'unreplied' | 'perSecond' | 'owner'>;

function holdings({ tables }: Status): ColumnOf<Holding>[] {
  const limits = new Map(tables.map(({ netns, table }) => [netns, table.limit]));
  const share = ({ netns, entries }: Holding) => {
    const limit = limits.get(netns) ?? 0;
    return limit > 0 ? entries / limit : undefined;
  };
  return [
    numberColumn('Entries', ({ entries }) => entries, count),
    numberColumn('Limit%', share, percent),
    numberColumn('Unrepl%', ({ entries, unreplied }) => (entries > 0 ? unreplied / entries : undefined), percent),
    numberColumn('New/s', ({ perSecond }) => perSecond, count),
  ];
}

/** Only where one of them is known. */
function owners(all: readonly { readonly owner: PortOwner | undefined }[]): ColumnOf<Holding>[] {
  const column = textColumn<Holding>('Owner', ({ owner }) => (owner ? nameOwner(owner) : ''));
  return all.some(({ owner }) => owner) ? [column] : [];
}

function inZone(address: string, zone: string): string {
  return zone === '0' || zone === '' ? address : `${address} in zone ${zone}`;
}

function inNamespace(name: string, { netns }: { readonly netns: string | undefined }): string {
  return netns === undefined ? name : `${name} (${netns})`;
}

const serviceColumns: readonly ColumnOf<ListedService>[] = [
  textColumn('Service', ({ name }) => name),
  numberColumn('New/s', ({ perSecond }) => perSecond, count),
  numberColumn('Active', ({ active }) => active, count),
  numberColumn('Inactive', ({ inactive }) => inactive, count),
  numberColumn('Servers', ({ realServers }) => realServers, count),
  numberColumn('Weight', ({ weight }) => weight, count),
  textColumn('Scheduler', ({ scheduler }) => scheduler),
];

interface ServedBy {
  readonly service: string;
  readonly server: ListedService['servers'][number];
  readonly perSecond: number | undefined;
}

function listRealServers({ services }: Status, rates: ServerRates): ServedBy[] {
  return services.flatMap((service) =>
    service.servers.map((server) => ({ service: service.name, server, perSecond: rates(service, server) })),
  );
}

const serverColumns: readonly ColumnOf<ServedBy>[] = [
  textColumn('Real server', ({ server }) => server.name),
  textColumn('Service', ({ service }) => service),
  numberColumn('New/s', ({ perSecond }) => perSecond, count),
  numberColumn('Active', ({ server }) => server.active, count),
  numberColumn('Inactive', ({ server }) => server.inactive, count),
  numberColumn('Weight', ({ server }) => server.weight, count),
  textColumn('Forward', ({ server }) => server.forward),
];

function vrrpColumns(atSeconds: number): ColumnOf<ListedInstance>[] {
  return [
    textColumn('Instance', ({ name }) => name),
    textColumn('State', ({ state }) => state ?? 'unknown'),
    textColumn('Wanted', ({ wantedState }) => wantedState ?? ''),
    numberColumn('Prio', ({ priority }) => priority, count),
    numberColumn('Since', ({ sinceSeconds }) => sinceSeconds && Math.max(0, atSeconds - sinceSeconds), time),
    textColumn('Interface', ({ interface: name }) => name),
    numberColumn('VRID', ({ vrid }) => Number(vrid), String),
    numberColumn('Refused', ({ errors }) => errors, count),
    textColumn('Addresses', ({ addresses }) => addresses.map(({ address }) => address).join(' ')),
  ];
}
