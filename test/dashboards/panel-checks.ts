import * as units from '@grafana/grafana-foundation-sdk/units';
import { organizeOf } from '../../dashboards/preview/look.ts';
import type { Override, Panel, Thresholds } from '../../dashboards/src/grafana.ts';
import { thresholds } from '../../src/thresholds.ts';
import { type Check, complain } from './check.ts';
import { panelsOf } from './expressions.ts';

const knownUnits: ReadonlySet<unknown> = new Set(Object.values(units));

/** Anything at all, and the first one. */
const counts = [0.001, 1];
const knownLimits: ReadonlySet<number> = new Set([...counts, ...numbersOf(thresholds)]);

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

export const panelChecks = {
  'panels have a title': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title }) => complain(!/^[A-Zk].*[^.]$/.test(title), title)),

  'panels have a description in sentences': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, description }) => complain(!/^[A-Z"].{20,}\.$/s.test(description), title)),

  'panels have a query': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, targets }) => complain(targets.length === 0, title)),

  'panels say something when they are empty': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, fieldConfig }) =>
      complain((fieldConfig.defaults.noValue ?? '') === '', title),
    ),

  'values have a known unit, or words': (dashboard) =>
    panelsOf(dashboard).flatMap((panel) => {
      const known = (unit: unknown) => knownUnits.has(unit);
      const missing =
        panel.type === 'table' ? columnsWithoutUnit(panel, known) : known(panel.fieldConfig.defaults.unit) ? [] : [''];
      return missing.map((column) => `${panel.title} ${column}`.trim());
    }),

  'thresholds are those of the alerts': (dashboard) =>
    panelsOf(dashboard).flatMap((panel) =>
      thresholdsOf(panel)
        .flatMap(({ steps }) => steps.flatMap(({ value }) => value ?? []))
        .flatMap((value) => complain(!knownLimits.has(value), `${panel.title}: ${value}`)),
    ),
} as const satisfies Record<string, Check>;

function columnsWithoutUnit(panel: Panel, known: (unit: unknown) => boolean): string[] {
  const { excludeByName, renameByName } = organizeOf(panel);
  const values = Object.entries(renameByName).filter(([name]) => name.startsWith('Value #') && !excludeByName[name]);
  return values
    .map(([, heading]) => heading)
    .filter((heading) => {
      const look = propertiesOf(panel, heading);
      return !known(look.get('unit')) && !look.has('mappings');
    });
}

function propertiesOf({ fieldConfig }: Panel, field: string): Map<string, unknown> {
  const properties = fieldConfig.overrides.flatMap(({ matcher, properties }: Override) =>
    matcher.options === field ? properties : [],
  );
  return new Map(properties.map(({ id, value }) => [id, value]));
}

function thresholdsOf({ fieldConfig: { defaults, overrides } }: Panel): Thresholds[] {
  const ofFields = overrides.flatMap(({ properties }) => properties.filter(({ id }) => id === 'thresholds'));
  return [...(defaults.thresholds ? [defaults.thresholds] : []), ...ofFields.map(({ value }) => value as Thresholds)];
}
