import { colours } from './colours.ts';
import type { ValueMapping } from './grafana.ts';

/** What a value is shown as. */
export interface Shown {
  readonly text: string;
  readonly color: string;
}

/** A state set as one number for each member: 1 for the first state, 0 when it is in none. */
export function stateNumber(metric: string, matchers: string, label: string, states: readonly string[]): string {
  const each = states.map((state, index) => `${metric}{${matchers},${label}="${state}"} * ${index + 1}`);
  return `sum without (${label}) (${each.join(' or ')})`;
}

/** How the numbers of stateNumber() are shown. */
export function stateMappings<State extends string>(
  states: readonly State[],
  none: Shown,
  shown: Readonly<Record<State, Shown>>,
): ValueMapping[] {
  return [
    valueMapping(Object.fromEntries([none, ...states.map((state) => shown[state])].map((one, code) => [code, one]))),
  ];
}

/** What every number from one on is shown as. */
export function rangeMapping(from: number, shown: Shown): ValueMapping {
  return { type: 'range', options: { from, to: null, result: { ...shown, index: from } } };
}

/** What has no value has no colour either. */
export const nothing: ValueMapping = {
  type: 'special',
  options: { match: 'null', result: { text: '', color: colours.none, index: 99 } },
};

/** Numbers or words, and what they are shown as. */
export function valueMapping(shown: Readonly<Record<string, Shown>>): ValueMapping {
  const options = Object.entries(shown).map(([value, one], index) => [value, { ...one, index }]);
  return { type: 'value', options: Object.fromEntries(options) };
}
