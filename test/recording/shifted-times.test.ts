import { describe, expect, it } from 'vitest';
import { shiftTimes } from '../../src/recording/shifted-times.ts';

const byHundred = (seconds: number) => seconds + 100;

describe('shiftTimes()', () => {
  it.each([
    [
      '   Last transition = 1795868173.538197 (Sat Nov 28 12:16:13.538197 2026)\n   Read timeout = 1795868174.5\n',
      '   Last transition = 1795868273.538197\n   Read timeout = 1795868174.5\n',
    ],
    ['   Last transition = 1795868173 (Sat Nov 28 12:16:13 2026)\n', '   Last transition = 1795868273.000000\n'],
    ['   Last transition = 1795868173\n', '   Last transition = 1795868273.000000\n'],
    [
      '[{"last_transition":1795868173.538197,"vrid":51},{"last_transition": 1795868174}]',
      '[{"last_transition":1795868273.538197,"vrid":51},{"last_transition": 1795868274.000000}]',
    ],
  ])('shifts when an instance last changed its state: %j', (dump, shifted) => {
    expect(shiftTimes(dump, byHundred)).toBe(shifted);
  });

  it.each([
    '   Last transition = 0 (Thu Jan  1 00:00:00 1970)\n',
    '{"last_transition":0.000000}',
    '   Last transition = never\n',
    '   Advert interval = 1000000000\n',
  ])('leaves %j, which is no such time', (dump) => {
    expect(shiftTimes(dump, byHundred)).toBe(dump);
  });
});
