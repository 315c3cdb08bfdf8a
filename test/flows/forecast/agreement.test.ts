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
    'two that are 15 s apart, more or less, where 55 s or less are left',
    [
      [0, 90],
      [15.1, 55],
      [30, 50],
      [44.9, 45],
      [60, Number.POSITIVE_INFINITY],
    ],
    [undefined, 90, 55, 50, Number.POSITIVE_INFINITY],
  ],
  [
    'three that are 15 s apart, more or less, where more is left',
    [
      [0, 300],
      [15.1, 290],
      [30.2, 270],
      [45.3, 260],
      [60, 56],
      [75, 55],
    ],
    [undefined, 300, 300, 290, 270, 56],
  ],
  [
    'two that are a minute apart',
    [
      [0, 300],
      [60, 290],
      [120, 91],
    ],
    [undefined, 300, 290],
  ],
  [
    'one of those that are a minute apart, where the next may come too late',
    [
      [0, Number.POSITIVE_INFINITY],
      [60, 80],
      [120, 20],
      [180, Number.POSITIVE_INFINITY],
      [240, 89],
    ],
    [undefined, 80, 20, Number.POSITIVE_INFINITY, 89],
  ],
  [
    'two although one was late',
    [
      [0, Number.POSITIVE_INFINITY],
      [15, Number.POSITIVE_INFINITY],
      [60, 70],
      [75, 50],
    ],
    [undefined, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 70],
  ],
  [
    'frequent ones, all those of 15 s where 55 s or less are left',
    [
      [0, 55],
      [5, 52],
      [10, 49],
      [15, 46],
      [20, 43],
    ],
    [undefined, 55, 55, 55, 52],
  ],
  [
    'frequent ones, all those of 33 s where more is left',
    [
      [0, 150],
      [10, 140],
      [20, 130],
      [30, 120],
      [40, 110],
    ],
    [undefined, 150, 150, 150, 140],
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
