import { existsSync, readFileSync } from 'node:fs';
import { runbooks } from '../../alerts/src/rule-file.ts';
import type { Dashboard } from '../../dashboards/src/grafana.ts';
import { dashboards } from '../../dashboards/src/index.ts';
import { variable } from '../../dashboards/src/query.ts';
import { anchorOf } from '../../scripts/document-page.ts';
import { type Check, complain } from './check.ts';
import { panelsOf } from './expressions.ts';

const documentation = runbooks.replace(/runbooks$/, '');

/** Variables that Grafana has for every link. */
const ofGrafana = ['__url_time_range', '__all_variables', '__value.raw', '__value.text'];

export const linkChecks = {
  'links lead somewhere': (dashboard) => linksOf(dashboard).filter((url) => !leadsSomewhere(url)),

  'links keep the time and the machines': (dashboard) =>
    linksOf(dashboard).flatMap((url) => {
      const kept = ['datasource', 'job', 'cluster'].map((name) => variable(`${name}:queryparam`));
      const isKept = url.includes(variable('__all_variables')) || kept.every((one) => url.includes(one));
      return complain(url.startsWith('/d/') && !(isKept && url.includes(variable('__url_time_range'))), url);
    }),

  'links carry what is picked here to what can be picked there': (dashboard) =>
    linksOf(dashboard).flatMap((url) => {
      const [, uid] = /^\/d\/([\w-]+)/.exec(url) ?? [];
      const there = dashboards.find((one) => one.uid === uid);
      return [
        ...used(url).filter((name) => !ofGrafana.includes(name) && !has(dashboard, name)),
        ...(there === undefined ? [] : carried(url).filter((name) => !has(there, name))),
      ].map((name) => `${url}: ${name}`);
    }),

  'links encode what they put into an address': (dashboard) =>
    linksOf(dashboard).filter((url) => /[?&].*\$\{__value\.raw\}/.test(url)),
} as const satisfies Record<string, Check>;

/** Of the dashboard itself, its panels and their fields. */
export function linksOf(dashboard: Dashboard): string[] {
  const own = dashboard.links.flatMap(({ type, url }) => (type === 'link' && url !== undefined ? [url] : []));
  const ofPanels = panelsOf(dashboard).flatMap(({ links, fieldConfig: { overrides } }) => {
    const properties = overrides.flatMap((one) => one.properties.filter(({ id }) => id === 'links'));
    const ofFields = properties.flatMap(({ value }) => value as { readonly url: string }[]);
    return [...links, ...ofFields].map(({ url }) => url);
  });
  return [...own, ...ofPanels];
}

/** To a dashboard, or to a file of docs/ and a heading there. A cell may lead to the runbook of the alert that it names. */
function leadsSomewhere(url: string): boolean {
  const [, uid] = /^\/d\/([\w-]+)\?/.exec(url) ?? [];
  if (uid !== undefined) return dashboards.some((one) => one.uid === uid);
  if (url === `${runbooks}/${variable('__value.raw')}.md`) return true;
  const [file = '', anchor] = url.slice(documentation.length).split('#');
  return (
    url.startsWith(documentation) && existsSync(`docs/${file}`) && (anchor === undefined || hasAnchor(file, anchor))
  );
}

function hasAnchor(file: string, anchor: string): boolean {
  const headings = [...readFileSync(`docs/${file}`, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.some((heading) => anchorOf(heading) === anchor);
}

function has({ templating }: Dashboard, name: string): boolean {
  return templating.list.some((one) => one.name === name);
}

/** Names of the variables in a link. */
function used(url: string): string[] {
  return [...url.matchAll(/\$\{([\w.]+)(?::\w+)?\}/g)].map(([, name = '']) => name);
}

/** Names of the variables that it sets. */
function carried(url: string): string[] {
  const parameters = [...url.matchAll(/\$\{(\w+):queryparam\}|[?&]var-(\w+)=/g)];
  return parameters.map(([, whole, one = '']) => whole ?? one);
}
