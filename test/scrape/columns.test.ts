import { describe, expect, it } from 'vitest';
import { checkSamples } from '../../src/scrape/check-samples.ts';
import { listSamples, type SampleColumns, withoutLocal, withoutMetrics } from '../../src/scrape/columns.ts';
import { gauge, sample } from '../../src/scrape/metric.ts';

const total = gauge('test_total', 'A total.');
const weight = gauge('test_weight', 'A weight.', ['server']);
const load = gauge('test_load', 'A load.', ['server']);
const [a, b] = [{ server: 'a' }, { server: 'b' }];

/** Server b has no load. */
const columns: SampleColumns = {
  rows: [a, b],
  columns: [
    { metric: weight, values: Float64Array.of(1, 0) },
    { metric: load, values: Float64Array.of(7, Number.NaN) },
  ],
};
const parts = [sample(total, 2), columns];

describe('listSamples()', () => {
  it('lists those of a row together, and none where a row has no value', () => {
    expect(listSamples(parts)).toEqual([
      { metric: total, value: 2, labels: {} },
      { metric: weight, value: 1, labels: a },
      { metric: load, value: 7, labels: a },
      { metric: weight, value: 0, labels: b },
    ]);
  });

  it('lists of columns only what is wanted', () => {
    expect(listSamples(parts, (metric) => metric === load).map(({ metric }) => metric)).toEqual([total, load]);
  });
});

it('withoutMetrics() leaves out columns and samples', () => {
  const left = listSamples(withoutMetrics([...parts, sample(load, 3, a)], new Set([load, total])));
  expect(left.map(({ metric, labels }) => [metric, labels])).toEqual([
    [weight, a],
    [weight, b],
  ]);
});

it('withoutLocal() keeps columns', () => {
  expect(withoutLocal([{ ...sample(total, 2), isLocal: true }, columns])).toEqual([columns]);
  expect(withoutLocal(parts)).toBe(parts);
});

describe('checkSamples()', () => {
  it('refuses two columns of one metric', () => {
    const [first, ...others] = columns.columns;
    if (!first) throw new Error('no column');
    expect(() => checkSamples([{ ...columns, columns: [first, ...others, first] }])).toThrow('test_weight');
    expect(() => checkSamples(parts)).not.toThrow();
  });

  it('refuses a sample that comes twice, and one that is no number', () => {
    expect(() => checkSamples([columns, sample(total, 1), sample(total, 2)])).toThrow('comes twice');
    expect(() => checkSamples([sample(total, Number.NaN)])).toThrow('has no value');
  });
});
