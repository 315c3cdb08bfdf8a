import { expect, it } from 'vitest';
import { nearest } from '../../../src/cli/options/nearest.ts';

const words = ['--interval', '--duration', '--collector.ipvs', '--collector.ipvs.aggregate'];

it.each([
  ['--intervall', '--interval'],
  ['--colector.ipvs', '--collector.ipvs'],
  ['--collector.ipsv', '--collector.ipvs'],
  ['--durations', '--duration'],
  ['--Interval', '--interval'],
  ['interval', '--interval'],
  ['--every', undefined],
  ['--interval'.repeat(20), undefined],
  ['', undefined],
  ['-'.repeat(30), undefined],
  ['-----------intro', undefined],
  ['----------interval', '--interval'],
])('nearest() finds for %j %j', (word, expected) => {
  expect(nearest(word, words)).toBe(expected);
});

it('nearest() finds nothing among no words', () => {
  expect(nearest('--interval', [])).toBeUndefined();
});
