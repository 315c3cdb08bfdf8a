import { expect, it } from 'vitest';
import { addForecast, confirmedSeconds, type TimedForecast } from '../../../src/flows/forecast/agreement.ts';

/** What scans, given as [when they began, what they forecast], agree on after each. */
function watch(...scans: [number, number][]): (number | undefined)[] {
  let past: readonly TimedForecast[] = [];
  return scans.map(([atSeconds, fullInSeconds]) => {
    past = addForecast(past, { atSeconds, fullInSeconds });
    return confirmedSeconds(past);
  });
}

it.each<[string, [number, number][], (number | undefined)[]]>([
  ['one scan alone', [[100, 50]], [undefined]],
  [
    'two that are 15 s apart, more or less',
    [
      [0, 90],
      [15.1, 80],
      [30, 50],
      [44.9, 200],
      [60, Number.POSITIVE_INFINITY],
    ],
    [undefined, 90, 80, 200, Number.POSITIVE_INFINITY],
  ],
  [
    'two that are an hour apart',
    [
      [0, 90],
      [3600, 80],
      [7200, 70],
    ],
    [undefined, 90, 80],
  ],
  [
    'frequent ones, all those of 15 s',
    [
      [0, 90],
      [5, 80],
      [10, 70],
      [15, 60],
      [20, 50],
    ],
    [undefined, 90, 90, 90, 80],
  ],
  [
    'none from before the clock was set back',
    [
      [100, 90],
      [110, 80],
      [10, 70],
      [20, 60],
    ],
    [undefined, 90, undefined, 70],
  ],
])('confirmedSeconds() looks at %s', (_which, scans, confirmed) => {
  expect(watch(...scans)).toEqual(confirmed);
});
