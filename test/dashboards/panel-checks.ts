import { isDeepStrictEqual } from 'node:util';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { runbooks } from '../../alerts/src/rule-file.ts';
import { organizeOf } from '../../dashboards/preview/look.ts';
import type { Override, Panel, Thresholds } from '../../dashboards/src/grafana.ts';
import { type Check, complain } from './check.ts';
import { expectedThresholds } from './expected-thresholds.ts';
import { panelsOf } from './expressions.ts';

const knownUnits: ReadonlySet<unknown> = new Set(Object.values(units));

export const panelChecks = {
  'panels have a title': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title }) => complain(!/^[A-Zk].*[^.]$/.test(title), title)),

  'panels have a description in sentences': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, description }) => complain(!/^[A-Z"].{20,}\.$/s.test(description), title)),

  'state timelines show the words of their values': (dashboard) =>
    panelsOf(dashboard).flatMap(({ type, title, fieldConfig: { defaults } }) =>
      complain(type === 'state-timeline' && (defaults.color?.mode !== 'fixed' || !defaults.mappings?.length), title),
    ),

  'panels have a query': (dashboard) =>
    panelsOf(dashboard).flatMap(({ title, targets }) => complain(targets.length === 0, title)),

  'panels report something when they are empty': (dashboard) =>
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

  'thresholds are those of the alerts, in their colours': (dashboard) => {
    const expected = expectedThresholds[dashboard.uid] ?? {};
    const shown = Object.fromEntries(panelsOf(dashboard).flatMap(stepsOf));
    return [...new Set([...Object.keys(expected), ...Object.keys(shown)])].flatMap((place) =>
      complain(!isDeepStrictEqual(shown[place], expected[place]), `${place}: ${JSON.stringify(shown[place])}`),
    );
  },

  'what has no value has no colour': (dashboard) =>
    panelsOf(dashboard).flatMap(({ type, title, fieldConfig }) =>
      complain(type === 'stat' && fieldConfig.defaults.thresholds?.steps[0]?.color !== 'transparent', title),
    ),

  'panels with thresholds link to what to do': (dashboard) =>
    panelsOf(dashboard).flatMap((panel) =>
      complain(stepsOf(panel).length > 0 && !panel.links.some(({ url }) => url.startsWith(runbooks)), panel.title),
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

/** The thresholds of a panel and of its fields, by their place. One colour for every value is none. */
function stepsOf({ type, title, fieldConfig: { defaults, overrides } }: Panel): [string, Thresholds['steps']][] {
  const ofFields = overrides.flatMap(({ matcher, properties }) =>
    properties.flatMap(({ id, value }) =>
      id === 'thresholds' ? [[`${title}: ${matcher.options}`, (value as Thresholds).steps] as const] : [],
    ),
  );
  const own = defaults.thresholds?.steps ?? [];
  return [[title, type === 'stat' ? fromLowest(own) : own] as const, ...ofFields].flatMap(([place, steps]) =>
    steps.length > 1 ? [[place, steps]] : [],
  );
}

/** Without the step of what has no value: that from 0 on is the lowest. */
function fromLowest([, lowest, ...others]: Thresholds['steps']): Thresholds['steps'] {
  return lowest?.value === 0 ? [{ ...lowest, value: null }, ...others] : [];
}
