import { count, several } from '../../readings/format.ts';
import { badge } from '../markup/badge.ts';
import { breakable } from '../markup/breakable.ts';
import { type Html, html } from '../markup/html.ts';
import { moreMarkup } from '../markup/more.ts';
import { tableMarkup } from '../markup/table.ts';
import type { DownServer } from '../model/down-servers.ts';
import { isServed, type ListedServer, type ListedService } from '../model/services.ts';

/** Of each kind as many as a person reads; a director may have a thousand services with twenty real servers each. */
const most = { services: 20, opened: 3, realServers: 20, downServers: 20 };

export function servicesSection(services: readonly ListedService[], down: readonly DownServer[]): Html | undefined {
  if (services.length === 0 && down.length === 0) return undefined;
  const isOpen = services.length <= most.opened;
  return html`<section id="services" aria-labelledby="services-title">
<h2 id="services-title">Virtual servers</h2>
${down.length > 0 ? downServersMarkup(down) : undefined}
${services.slice(0, most.services).map((service) => serviceMarkup(service, isOpen))}
${moreMarkup(services.length, most.services, 'with less traffic')}
</section>`;
}

function downServersMarkup(down: readonly DownServer[]): Html {
  return html`${tableMarkup<DownServer>(
    'Real servers that keepalived considers down',
    [
      { title: 'Real server', cell: ({ name }) => breakable(name) },
      { title: 'State', cell: () => badge('critical', 'Down') },
      { title: 'Service', cell: ({ service }) => breakable(service) },
      { title: 'Failed checkers', cell: ({ failedCheckers }) => failedCheckers.join(', ') || undefined },
    ],
    down.slice(0, most.downServers),
  )}${moreMarkup(down.length, most.downServers)}`;
}

function serviceMarkup(service: ListedService, isOpen: boolean): Html {
  const { name, scheduler, realServers, active, inactive, perSecond } = service;
  const rate = perSecond === undefined ? undefined : html`<span>${count(perSecond)} new/s</span>`;
  return html`
<details class="service"${isOpen ? html` open` : undefined}>
<summary><strong>${breakable(name)}</strong>${servedBadge(service)}<span class="facts"><span>${scheduler}</span><span>${several(realServers, 'real server')}</span>${rate}<span>${count(active)} active, ${count(inactive)} inactive</span></span></summary>
${realServersMarkup(service)}
</details>`;
}

function servedBadge(service: ListedService): Html {
  if (isServed(service)) return badge('good', 'Served');
  const word = service.realServers === 0 ? 'No real servers' : 'All weights 0';
  return badge(service.mayBeEmpty ? 'info' : 'critical', word);
}

function realServersMarkup({ name, servers }: ListedService): Html {
  if (servers.length === 0) return html`<p>No real servers.</p>`;
  return html`${tableMarkup<ListedServer>(
    `Real servers of ${name}`,
    [
      { title: 'Real server', cell: (server) => breakable(server.name) },
      { title: 'Reached by', cell: ({ forward }) => forward },
      {
        title: 'Weight',
        cell: ({ weight }) => (weight === 0 ? html`0 <span class="note">no new connections</span>` : weight),
        isNumber: true,
      },
      { title: 'Active', cell: ({ active }) => count(active), isNumber: true },
      { title: 'Inactive', cell: ({ inactive }) => count(inactive), isNumber: true },
    ],
    servers.slice(0, most.realServers),
  )}${moreMarkup(servers.length, most.realServers, 'with fewer connections')}`;
}
