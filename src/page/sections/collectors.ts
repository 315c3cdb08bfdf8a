import { badge } from '../markup/badge.ts';
import { type Html, html } from '../markup/html.ts';
import type { Level } from '../markup/level.ts';
import { ago } from '../markup/moment.ts';
import { tableMarkup } from '../markup/table.ts';
import type { CollectorHealth } from '../model/collector-health.ts';

const states: Readonly<Record<CollectorHealth['state'], readonly [Level, string]>> = {
  works: ['good', 'Works'],
  limited: ['info', 'Works, leaves out series'],
  absent: ['unknown', 'Not on this machine'],
  failed: ['critical', 'Fails: see the log'],
};

/** What those do that leave out a part of what they read. */
const limits: Readonly<Record<string, string>> = {
  ipvs: 'Works, aggregates real servers',
  'keepalived-checkers': 'Works, exports only real servers that are down',
  'keepalived-dumps': 'Works, exports only the first disagreements',
};

function stateMarkup({ name, state }: CollectorHealth): Html {
  const [level, word] = states[state];
  return badge(level, (state === 'limited' && limits[name]) || word);
}

export function collectorsSection(collectors: readonly CollectorHealth[], nowSeconds: number): Html | undefined {
  if (collectors.length === 0) return undefined;
  return html`<section id="collectors" aria-labelledby="collectors-title">
<h2 id="collectors-title">Collectors</h2>
${tableMarkup<CollectorHealth>(
  'Collectors of this exporter',
  [
    { title: 'Collector', cell: ({ name }) => name },
    { title: 'State', cell: stateMarkup },
    { title: 'Source', cell: ({ sources }) => sources.join(', ') || undefined },
    {
      title: 'Last success',
      cell: ({ lastSuccessSeconds: last }) => (last === undefined ? undefined : ago(last, nowSeconds)),
    },
    {
      title: 'Duration',
      cell: ({ durationSeconds }) =>
        durationSeconds === undefined ? undefined : `${Math.ceil(durationSeconds * 1000)} ms`,
      isNumber: true,
    },
  ],
  collectors,
)}
</section>`;
}
