import { endpoint } from '../identity/address.ts';
import type { ListedService } from '../page/model/services.ts';
import type { Status } from '../page/model/status.ts';
import type { ListedInstance } from '../page/model/vrrp.ts';
import { type Destination, nameDestination } from '../readings/destinations.ts';
import { count, percent, time } from '../readings/format.ts';
import type { Source, Zone } from '../readings/holders.ts';
import { nameOwner, type PortOwner } from '../readings/port-owner.ts';
import type { ServerRates } from './server-rates.ts';
import { type ColumnOf, createTable, number, type TopTable, text } from './table.ts';

/** The tables of the live view, in the order of their keys. */
export function createTables(status: Status, rates: ServerRates): TopTable[] {
  return [
    createTable('destinations', 'No tracked flows', status.destinations, [
      text('Destination', (one: Destination) => inNamespace(nameDestination(one), one)),
      ...holdings(status),
      text('Verdict', ({ verdict }) => verdict?.replaceAll('_', ' ') ?? ''),
      ...owners(status.destinations),
    ]),
    createTable('sources', 'Sources are shown only on the machine itself', status.sources, [
      text('Source', (one: Source) => inNamespace(inZone(one.address, one.zone), one)),
      ...holdings(status),
      number('Dests', ({ destinations }) => destinations, count),
      text('Verdict', ({ verdict }) => verdict?.replaceAll('_', ' ') ?? ''),
      ...owners(status.sources),
    ]),
    createTable('zones', 'No tracked flows', status.zones, [
      text('Zone', (one: Zone) => inNamespace(one.zone, one)),
      ...holdings(status),
      number('Limit', ({ limit }) => limit, count),
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
    number('Entries', ({ entries }) => entries, count),
    number('Limit%', share, percent),
    number('Unrepl%', ({ entries, unreplied }) => (entries > 0 ? unreplied / entries : undefined), percent),
    number('New/s', ({ perSecond }) => perSecond, count),
  ];
}

/** Only where one of them is known. */
function owners(all: readonly { readonly owner: PortOwner | undefined }[]): ColumnOf<Holding>[] {
  const column = text<Holding>('Owner', ({ owner }) => (owner ? nameOwner(owner) : ''));
  return all.some(({ owner }) => owner) ? [column] : [];
}

function inZone(address: string, zone: string): string {
  return zone === '0' || zone === '' ? address : `${address} in zone ${zone}`;
}

function inNamespace(name: string, { netns }: { readonly netns: string | undefined }): string {
  return netns === undefined ? name : `${name} (${netns})`;
}

const serviceColumns: readonly ColumnOf<ListedService>[] = [
  text('Service', ({ name }) => name),
  number('New/s', ({ perSecond }) => perSecond, count),
  number('Active', ({ active }) => active, count),
  number('Inactive', ({ inactive }) => inactive, count),
  number('Servers', ({ realServers }) => realServers, count),
  number('Weight', ({ weight }) => weight, count),
  text('Scheduler', ({ scheduler }) => scheduler),
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
  text('Real server', ({ server }) => endpoint(server.address, server.port)),
  text('Service', ({ service }) => service),
  number('New/s', ({ perSecond }) => perSecond, count),
  number('Active', ({ server }) => server.active, count),
  number('Inactive', ({ server }) => server.inactive, count),
  number('Weight', ({ server }) => server.weight, count),
  text('Forward', ({ server }) => server.forward),
];

function vrrpColumns(atSeconds: number): ColumnOf<ListedInstance>[] {
  return [
    text('Instance', ({ name }) => name),
    text('State', ({ state }) => state ?? 'unknown'),
    text('Wanted', ({ wantedState }) => wantedState ?? ''),
    number('Prio', ({ priority }) => priority, count),
    number('Since', ({ sinceSeconds }) => sinceSeconds && Math.max(0, atSeconds - sinceSeconds), time),
    text('Interface', ({ interface: name }) => name),
    number('VRID', ({ vrid }) => Number(vrid), String),
    number('Refused', ({ errors }) => errors, count),
    text('Addresses', ({ addresses }) => addresses.map(({ address }) => address).join(' ')),
  ];
}
