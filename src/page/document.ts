import { describeFinding } from '../diagnosis/text/index.ts';
import { badge } from './markup/badge.ts';
import { headMarkup } from './markup/head.ts';
import { type Html, html } from './markup/html.ts';
import type { Level } from './markup/level.ts';
import { clockTime } from './markup/moment.ts';
import type { PageHistory } from './model/history.ts';
import type { Machine, Status } from './model/status.ts';
import { chartSections } from './sections/chart.ts';
import { collectorsSection } from './sections/collectors.ts';
import { destinationsSection } from './sections/destinations.ts';
import { findingsSection } from './sections/findings.ts';
import { holdersSection } from './sections/holders.ts';
import { namespacesSection } from './sections/namespaces.ts';
import { servicesSection } from './sections/services.ts';
import { summarySection } from './sections/summary.ts';
import { vrrpSection } from './sections/vrrp.ts';

const words: Readonly<Record<Level, string>> = {
  good: 'Healthy',
  info: 'Healthy',
  unknown: 'Incomplete',
  warning: 'Warning',
  critical: 'Critical',
};

/** Headlines without a finding. */
export const headlines = {
  starting: 'Waiting for the first readings',
  absent: 'This machine has neither IPVS nor connection tracking nor keepalived',
  incomplete: 'No problem found, but some sources could not be read',
  healthy: 'No problem found',
} as const;

/**
 * The page. Each child of its main element has an id and is whole in itself: the script replaces those that changed.
 *
 * @param status undefined until something was read.
 */
export function pageDocument(version: string, status: Status | undefined, history: PageHistory): string {
  const { title, level, main } = status ? toContent(status, history) : beginning;
  return html`${headMarkup(title, 'assets', 'page')}
<script type="module" src="assets/page.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the summary</a>
<header>
<p class="brand">lvs-exporter</p>
<nav aria-label="Exporter"><a href="metrics">Metrics</a> ${documents.map(([name, title]) => html`<a href="docs/${name}.html">${title}</a> `)}</nav>
<p id="news" class="unseen" role="status"></p>
<p id="lost" role="alert" hidden></p>
</header>
<main id="main" class="${level}">
${main}
</main>
<footer>
<p>Version ${version}. What the numbers mean: <a href="docs/metrics.html">metrics</a>, <a href="docs/forecast.html">the forecast</a>.</p>
</footer>
</body>
</html>
`.markup;
}

const documents = [
  ['operations', 'Operations'],
  ['forecast', 'The forecast'],
  ['index', 'All documents'],
] as const;

interface Content {
  readonly title: string;
  readonly level: Level;
  readonly main: readonly (Html | undefined)[];
}

const beginning: Content = {
  title: 'Starting',
  level: 'unknown',
  main: [html`<div id="state">${badge('unknown', 'Starting')}<h1>${headlines.starting}</h1></div>`],
};

function toContent(status: Status, history: PageHistory): Content {
  const { atSeconds, level, findings, summary, destinations, tables, services, downServers, vrrp, collectors } = status;
  const title = headline(status);
  return {
    title: words[level],
    level,
    main: [
      stateMarkup(status, title),
      summarySection(summary),
      findingsSection(findings, title),
      html`<div id="charts">${chartSections(history)}</div>`,
      destinationsSection(destinations, status.sources, tables),
      holdersSection(status, tables),
      namespacesSection(tables),
      servicesSection(services, downServers),
      vrrpSection(vrrp, atSeconds),
      collectorsSection(collectors, atSeconds),
    ],
  };
}

function stateMarkup({ atSeconds, level, machine }: Status, title: string): Html {
  return html`<div id="state">
${badge(level, words[level])}
<h1>${title}</h1>
<p class="note"><span>${describeMachine(machine)}</span> <span>As of ${clockTime(atSeconds)}</span></p>
</div>`;
}

function headline({ level, findings, summary }: Status): string {
  const [worst] = findings;
  if (worst && worst.severity === level) return describeFinding(worst).title;
  const tile = summary.flatMap(({ tiles }) => tiles).find((one) => one.level === level);
  if (tile && (level === 'warning' || level === 'critical'))
    return `${tile.title}: ${tile.value}, ${tile.word.toLowerCase()}`;
  if (summary.length === 0) return headlines.absent;
  return level === 'unknown' ? headlines.incomplete : headlines.healthy;
}

const roles: Readonly<Record<string, string>> = {
  director: 'Director',
  compute: 'Compute node',
  both: 'Director and compute node',
  none: 'Neither director nor compute node',
};

function describeMachine({ role, platform, kernel }: Machine): string {
  const parts = [roles[role], platform && `on ${platform}`, kernel && `Linux ${kernel}`];
  return parts.filter((part) => part).join(', ');
}
