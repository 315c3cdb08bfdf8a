import { type Verdict, verdictKinds } from '../../flows/classification/verdict-kinds.ts';
import { type Destination, nameDestination } from '../../readings/destinations.ts';
import { count, percent, several } from '../../readings/format.ts';
import type { Source } from '../../readings/holders.ts';
import type { PortOwner } from '../../readings/port-owner.ts';
import { badge } from '../markup/badge.ts';
import { breakable } from '../markup/breakable.ts';
import { type Html, html, type Piece } from '../markup/html.ts';
import { moreMarkup } from '../markup/more.ts';
import { type Column, tableMarkup } from '../markup/table.ts';
import type { NamespaceTable } from '../model/status.ts';

const maxDestinations = 10;

/**
 * @param sources the largest first.
 * @param tables those that the destinations are in, for their limits.
 */
export function destinationsSection(
  destinations: readonly Destination[],
  sources: readonly Source[],
  tables: readonly NamespaceTable[],
): Html | undefined {
  const [largest] = destinations;
  const [source] = sources;
  if (largest === undefined) return undefined;
  const limits = new Map(tables.map(({ netns, table }) => [netns, table.limit]));
  const share = ({ netns, entries }: Destination | Source) => {
    const limit = limits.get(netns) ?? 0;
    return limit > 0 ? percent(entries / limit) : undefined;
  };
  return html`<section id="destinations" aria-labelledby="destinations-title">
<h2 id="destinations-title">Who fills the table</h2>
${source && source.entries > largest.entries ? largerSource(source, share(source)) : undefined}
${tableMarkup<Destination>(
  'Destinations of tracked flows, that with the most entries first',
  [
    {
      title: 'Destination',
      cell: (one) =>
        html`${breakable(nameDestination(one))}${one.netns && html` <span class="note">in ${one.netns}</span>`}`,
    },
    ...(destinations.some(({ owner }) => owner) ? [ownerColumn] : []),
    { title: 'Verdict', cell: ({ verdict }) => verdictBadge(verdict) },
    { title: 'Entries', cell: ({ entries }) => count(Math.round(entries)), isNumber: true },
    { title: 'Of the limit', cell: share, isNumber: true },
    {
      title: 'Without a reply',
      cell: ({ unreplied, entries }) => (entries > 0 ? percent(unreplied / entries) : undefined),
      isNumber: true,
    },
    { title: 'New per second', cell: ({ perSecond }) => count(perSecond), isNumber: true },
    { title: 'What to do', cell: ({ verdict }) => verdict && verdictKinds[verdict].advice },
  ],
  destinations.slice(0, maxDestinations),
)}
${moreMarkup(destinations.length, maxDestinations)}
</section>`;
}

/** A table that one client fills shows small destinations only. */
function largerSource({ address, entries, destinations }: Source, share: string | undefined): Html {
  const places = several(Math.round(destinations), 'destination');
  return html`<p>One client opened more than any destination below has: <strong>${address}</strong>, with ${count(Math.round(entries))} entries${share && ` (${share} of the limit)`} to ${places}.</p>`;
}

/** On a compute node of OpenStack, whom to call. */
const ownerColumn: Column<Destination> = {
  title: 'Who does it',
  cell: ({ owner }) =>
    owner && html`${owner.vm || owner.domain || 'A port'} <span class="note">${detailsOf(owner)}</span>`,
};

function detailsOf({ project, device }: PortOwner): string {
  return project === '' ? device : `project ${project}, ${device}`;
}

/** One that holds little of the table gets no verdict, nor one that is still unknown. */
function verdictBadge(verdict: Verdict | undefined): Piece {
  return verdict && badge(verdictKinds[verdict].severity, verdictKinds[verdict].label);
}
