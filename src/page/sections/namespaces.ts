import { count, percent, time } from '../../readings/format.ts';
import { isTableFull, type Table } from '../../readings/table.ts';
import { type Html, html } from '../markup/html.ts';
import { moreMarkup } from '../markup/more.ts';
import { tableMarkup } from '../markup/table.ts';
import type { NamespaceTable } from '../model/status.ts';

/** A network node of OpenStack has a router in each of hundreds. */
const most = 20;

/** The tables of network namespaces other than the exporter's own, which the summary shows. */
export function namespacesSection(tables: readonly NamespaceTable[]): Html | undefined {
  const others = tables.filter(({ netns }) => netns !== undefined);
  if (others.length === 0) return undefined;
  const fullestFirst = others.sort((one, other) => fullness(other.table) - fullness(one.table));
  return html`<section id="namespaces" aria-labelledby="namespaces-title">
<h2 id="namespaces-title">Network namespaces</h2>
${tableMarkup<NamespaceTable>(
  'Connection tracking tables of other network namespaces',
  [
    { title: 'Namespace', cell: ({ netns }) => netns },
    { title: 'Entries', cell: ({ table }) => count(table.entries), isNumber: true },
    { title: 'In use', cell: ({ table }) => ofLimit(table.entries, table), isNumber: true },
    { title: 'Settles at', cell: ({ table }) => ofLimit(table.equilibrium, table), isNumber: true },
    { title: 'Full in', cell: ({ table }) => fullIn(table), isNumber: true },
  ],
  fullestFirst.slice(0, most),
)}
${moreMarkup(others.length, most)}
</section>`;
}

/** What part of the limit is used, or will be at the present rates. */
function fullness({ entries, equilibrium = 0, limit }: Table): number {
  return limit === 0 ? 0 : Math.max(entries, equilibrium) / limit;
}

function ofLimit(entries: number | undefined, { limit }: Table): string | undefined {
  return entries === undefined || limit === 0 ? undefined : percent(entries / limit);
}

function fullIn(table: Table): string | undefined {
  const { fullInSeconds } = table;
  if (fullInSeconds === undefined) return undefined;
  if (isTableFull(table)) return 'Now';
  return Number.isFinite(fullInSeconds) ? time(fullInSeconds) : 'Never';
}
