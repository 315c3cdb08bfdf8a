import type { Organize, Panel, Thresholds, ValueMapping } from '../src/grafana.ts';

/** Grafana's colours of its dark theme. */
const palette: Readonly<Record<string, string>> = {
  green: '#73BF69',
  orange: '#FF9830',
  red: '#F2495C',
  blue: '#5794F2',
  yellow: '#FADE2A',
  text: '#9a9aa8',
};

/** `palette-classic`, in order. */
const classic = [
  '#7EB26D',
  '#EAB839',
  '#6ED0E0',
  '#EF843C',
  '#E24D42',
  '#1F78C1',
  '#BA43A9',
  '#705DA0',
  '#508642',
  '#CCA300',
];

export function colourOf(name: string): string {
  return palette[name] ?? name;
}

export function classicColour(index: number): string {
  return classic[index % classic.length] ?? 'gray';
}

export function stepColour({ steps }: Thresholds, value: number): string {
  const step = steps.findLast((one) => one.value === null || value >= one.value);
  return colourOf(step?.color ?? 'text');
}

/** What a value is shown as, where a mapping sets it. */
export function mapped(mappings: readonly ValueMapping[], value: string): { text: string; colour: string } | undefined {
  for (const mapping of mappings) {
    const found = mapping.type === 'value' ? mapping.options[value] : inRange(mapping, Number(value));
    if (found) return { text: found.text ?? value, colour: colourOf(found.color ?? 'text') };
  }
  return undefined;
}

function inRange(mapping: Exclude<ValueMapping, { type: 'value' }>, value: number) {
  if (mapping.type !== 'range') return undefined;
  const { from, to, result } = mapping.options;
  return value >= (from ?? Number.NEGATIVE_INFINITY) && value <= (to ?? Number.POSITIVE_INFINITY) ? result : undefined;
}

/** The properties that overrides give to the field of this name. */
export function overridesFor(panel: Panel, field: string): Readonly<Record<string, unknown>> {
  const fitting = panel.fieldConfig.overrides.filter(({ matcher }) =>
    matcher.id === 'byName' ? matcher.options === field : new RegExp(matcher.options.slice(1, -1)).test(field),
  );
  return Object.fromEntries(fitting.flatMap(({ properties }) => properties.map(({ id, value }) => [id, value])));
}

/** Which columns a table has. */
export function organizeOf({ transformations = [] }: Panel): Organize {
  const [found] = transformations.flatMap((one) => (one.id === 'organize' ? [one.options] : []));
  return found ?? { excludeByName: {}, indexByName: {}, renameByName: {} };
}

export function legendOf(legendFormat: string, labels: Readonly<Record<string, string>>): string {
  return legendFormat.replaceAll(/\{\{\$?(\w+)\}\}/g, (_, label: string) => labels[label] ?? '').trim();
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
