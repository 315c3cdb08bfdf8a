import { sourceVerdictLabels } from '../../flows/classification/sources.ts';
import { nameProtocol } from '../../readings/destinations.ts';
import { count, percent } from '../../readings/format.ts';
import type { Source, StateHolding, Zone } from '../../readings/holders.ts';
import type { PortOwner } from '../../readings/port-owner.ts';
import { badge } from '../markup/badge.ts';
import { type Html, html, type Piece } from '../markup/html.ts';
import { moreMarkup } from '../markup/more.ts';
import { type Column, tableMarkup } from '../markup/table.ts';
import type { NamespaceTable } from '../model/status.ts';

/** Who holds the tables of a machine, but for the destinations, which have a section of their own. */
export interface Holders {
  /** None for a reader elsewhere: addresses of clients are personal data. */
  readonly sources: readonly Source[];
  readonly zones: readonly Zone[];
  readonly states: readonly StateHolding[];
}

const most = 10;

/** @param tables those that they are in, for their limits. */
export function holdersSection(
  { sources, zones, states }: Holders,
  tables: readonly NamespaceTable[],
): Html | undefined {
  const limits = new Map(tables.map(({ netns, table }) => [netns, table.limit]));
  const share = ({ netns, entries }: StateHolding | Source | Zone): Piece => {
    const limit = limits.get(netns) ?? 0;
    return limit > 0 ? percent(entries / limit) : undefined;
  };
  if (states.length === 0) return undefined;
  return html`<section id="holders" aria-labelledby="holders-title">
<h2 id="holders-title">Sources, zones and states</h2>
${
  sources.length === 0
    ? html`<p>Addresses of clients are personal data. To see the largest sources, open this page on the machine itself, or run <code>lvs-exporter diagnose</code> there.</p>`
    : sourcesTable(sources, share)
}
${zones.some(({ zone }) => zone !== '0') ? zonesTable(zones, share) : undefined}
${statesTable(states, share)}
</section>`;
}

function sourcesTable(sources: readonly Source[], share: (one: Source) => Piece): Html {
  const table = tableMarkup<Source>(
    'Sources of tracked flows, those with the most entries first',
    [
      { title: 'Source', cell: ({ address, zone, netns }) => html`${address}${where(zone, netns)}` },
      ...ownerColumn(sources),
      { title: 'Verdict', cell: ({ verdict }) => verdict && badge('warning', sourceVerdictLabels[verdict]) },
      { title: 'Entries', cell: ({ entries }) => count(Math.round(entries)), isNumber: true },
      { title: 'Of the limit', cell: share, isNumber: true },
      { title: 'Without a reply', cell: unrepliedShare, isNumber: true },
      { title: 'Destinations', cell: ({ destinations }) => count(Math.round(destinations)), isNumber: true },
      { title: 'New per second', cell: ({ perSecond }) => count(perSecond), isNumber: true },
    ],
    sources.slice(0, most),
  );
  return html`${table}${moreMarkup(sources.length, most, '', html`<code>--collector.conntrack-table.sources</code> exports them`)}`;
}

function zonesTable(zones: readonly Zone[], share: (one: Zone) => Piece): Html {
  const table = tableMarkup<Zone>(
    'Zones of tracked flows, those with the most entries first',
    [
      { title: 'Zone', cell: ({ zone, netns }) => html`${zone}${where('0', netns)}` },
      ...ownerColumn(zones),
      { title: 'Entries', cell: ({ entries }) => count(Math.round(entries)), isNumber: true },
      { title: 'Of the limit', cell: share, isNumber: true },
      ...(zones.some(({ limit }) => limit !== undefined) ? [ownLimitColumn] : []),
      { title: 'Without a reply', cell: unrepliedShare, isNumber: true },
      { title: 'New per second', cell: ({ perSecond }) => count(perSecond), isNumber: true },
    ],
    zones.slice(0, most),
  );
  return html`${table}${moreMarkup(zones.length, most)}`;
}

/** The limit that Open vSwitch has for a zone. */
const ownLimitColumn: Column<Zone> = {
  title: "Of the zone's own limit",
  cell: ({ entries, limit }) => (limit === undefined ? undefined : percent(entries / limit)),
  isNumber: true,
};

function statesTable(states: readonly StateHolding[], share: (one: StateHolding) => Piece): Html {
  const table = tableMarkup<StateHolding>(
    'States of tracked flows, those with the most entries first',
    [
      {
        title: 'State',
        cell: ({ protocol, state, netns }) => html`${`${nameProtocol(protocol)} ${state}`.trim()}${where('0', netns)}`,
      },
      { title: 'Entries', cell: ({ entries }) => count(Math.round(entries)), isNumber: true },
      { title: 'Of the limit', cell: share, isNumber: true },
    ],
    states.slice(0, most),
  );
  return html`${table}${moreMarkup(states.length, most)}`;
}

function unrepliedShare({ entries, unreplied }: Source | Zone): Piece {
  return entries > 0 ? percent(unreplied / entries) : undefined;
}

function where(zone: string, netns: string | undefined): Piece {
  const places = [...(zone === '0' ? [] : [`in zone ${zone}`]), ...(netns === undefined ? [] : [`in ${netns}`])];
  return places.length === 0 ? undefined : html` <span class="note">${places.join(', ')}</span>`;
}

/** On a compute node of OpenStack, whom to call. */
function ownerColumn<T extends { readonly owner: PortOwner | undefined }>(all: readonly T[]): Column<T>[] {
  if (!all.some(({ owner }) => owner)) return [];
  return [{ title: 'Owner', cell: ({ owner }) => owner && nameOf(owner) }];
}

function nameOf({ vm, domain, project, device }: PortOwner): Html {
  const details = project === '' ? device : `project ${project}, ${device}`;
  return html`${vm || domain || 'A port'} <span class="note">${details}</span>`;
}
