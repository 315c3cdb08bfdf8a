import { expect, test } from 'vitest';
import { simulateTable } from '../simulated-table.ts';
import { leaked, twoWay } from '../traffic.ts';
import { watch } from './watch.ts';

const limit = 2048;
const never = Number.POSITIVE_INFINITY;
const connectionSeconds = 900;
/** Each is in the table for 120 s more in TIME_WAIT. */
const perSecond = (0.72 * limit) / (connectionSeconds + 120);
const levelFrom = connectionSeconds + 120 + 60;

test('connections that have all begun since a start are those that stay, until the first of them ends', () => {
  const ending = watch(simulateTable([twoWay(perSecond, connectionSeconds)], limit, 15), levelFrom, limit);
  const staying = watch(simulateTable([leaked(perSecond)], limit, 15), connectionSeconds, limit);
  const forecasts = (seen: typeof ending) =>
    seen
      .filter(({ at }) => at < connectionSeconds)
      .map(({ at, entries, fullInSeconds }) => ({ at, entries, fullInSeconds }));
  expect(forecasts(ending)).toEqual(forecasts(staying));
  // docs/forecast.md has these figures.
  const filling = ending.filter(({ fullInSeconds }) => fullInSeconds < never);
  const shareOf = (entries = 0) => Math.round((100 * entries) / limit);
  const [first, last] = [filling[0], filling.at(-1)];
  expect([first?.at, shareOf(first?.entries), last?.at, shareOf(last?.entries)]).toEqual([855, 60, 930, 66]);
  expect(shareOf(ending.at(-1)?.entries)).toBe(72);
});
