import type { Series } from '../../scripts/history-prometheus.ts';
import type { Panel, Thresholds, ValueMapping } from '../src/grafana.ts';
import { letter } from '../src/query.ts';
import { format } from './format.ts';
import { colourOf, escapeHtml, mapped, organizeOf, overridesFor, stepColour } from './look.ts';

type Row = Record<string, string | number>;

/** A table panel as HTML: what `merge` and `organize` make of the latest values of its queries. */
export function drawTable(panel: Panel, results: readonly (readonly Series[])[]): string | undefined {
  const rows = merge(results);
  if (rows.length === 0) return undefined;
  const { excludeByName, indexByName, renameByName } = organizeOf(panel);
  const place = (name: string) => indexByName[name] ?? Number.MAX_SAFE_INTEGER;
  const names = [...new Set(rows.flatMap(Object.keys))]
    .filter((name) => !excludeByName[name])
    .sort((one, other) => place(one) - place(other));
  const headings = names.map((name) => renameByName[name] ?? name);
  const sorted = sort(panel, rows, renameByName);
  const widths = headings.map((heading) => overridesFor(panel, heading)['custom.width']);
  const head = headings.map(
    (heading, index) => `<th style="width:${widths[index] ?? ''}px">${escapeHtml(heading)}</th>`,
  );
  const body = sorted.map(
    (row) => `<tr>${names.map((name, index) => drawCell(panel, headings[index] ?? name, row[name])).join('')}</tr>`,
  );
  return `<table><tr>${head.join('')}</tr>${body.join('')}</table>`;
}

function merge(results: readonly (readonly Series[])[]): Row[] {
  const answered = results.filter((series) => series.length > 0).length;
  const frames = results.map((series, index) => {
    const valueName = answered > 1 ? `Value #${letter(index)}` : 'Value';
    return series.map(({ labels, points }): Row => ({ ...labels, [valueName]: points.at(-1)?.[1] ?? Number.NaN }));
  });
  const named = frames.filter((rows) => rows.length > 0);
  const fields = named.map((rows) => new Set(rows.flatMap(Object.keys)));
  const shared = [...(fields[0] ?? [])].filter((name) => fields.every((one) => one.has(name)));
  const merged: Row[] = [];
  for (const row of named.flat()) {
    const found = merged.find(
      (one) =>
        shared.every((name) => one[name] === row[name]) &&
        Object.keys(row).every((name) => one[name] === undefined || one[name] === row[name]),
    );
    if (found) Object.assign(found, row);
    else merged.push({ ...row });
  }
  return merged;
}

function sort(panel: Panel, rows: Row[], renamed: Readonly<Record<string, string>>): Row[] {
  const keys = panel.type === 'table' ? panel.options.sortBy : [];
  const cellOf = (row: Row, heading: string) => Object.entries(row).find(([name]) => renamed[name] === heading)?.[1];
  const compare = (one: Row, other: Row) =>
    keys
      .map(({ displayName, desc }) => {
        const order = compareValues(cellOf(one, displayName), cellOf(other, displayName));
        return desc ? -order : order;
      })
      .find((order) => order !== 0) ?? 0;
  return rows.sort(compare);
}

/** What is missing is less than anything. */
function compareValues(one?: string | number, other?: string | number): number {
  if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined);
  return typeof one === 'number' ? one - Number(other) : one.localeCompare(String(other));
}

function drawCell(panel: Panel, heading: string, value: string | number | undefined): string {
  if (value === undefined) return '<td></td>';
  const overrides = overridesFor(panel, heading);
  const thresholds = (overrides.thresholds ?? panel.fieldConfig.defaults.thresholds) as Thresholds;
  const known = mapped((overrides.mappings ?? []) as ValueMapping[], String(value));
  const text =
    known?.text ??
    (typeof value === 'number' ? format(value, overrides.unit as string, overrides.decimals as number) : value);
  const colour = known?.colour ?? (typeof value === 'number' ? stepColour(thresholds, value) : colourOf('text'));
  const display = overrides['custom.displayMode'];
  const style =
    display === 'color-background'
      ? `background:${colour};color:#111`
      : display === 'color-text'
        ? `color:${colour}`
        : '';
  return `<td style="${style}">${overrides.links ? `<u>${escapeHtml(text)}</u>` : escapeHtml(text)}</td>`;
}
