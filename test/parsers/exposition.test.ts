import { describe, expect, it } from 'vitest';
import { render } from '../../src/http/exposition.ts';
import { parseExposition } from '../../src/parsers/exposition.ts';
import { ParseError } from '../../src/parsers/parse-error.ts';
import { gauge, type Sample } from '../../src/scrape/metric.ts';

const metric = gauge('a_metric', 'Help\nwith "signs" \\.', ['one', 'two']);
const samples: Sample[] = [
  { metric, labels: { one: 'a "quoted", {braced}\nand\\n', two: '' }, value: 0.1 },
  { metric, labels: { one: '漢', two: 'x' }, value: Number.POSITIVE_INFINITY },
  { metric: gauge('plain', 'None.'), labels: {}, value: -1e21 },
];

describe('parseExposition()', () => {
  it.each(['text', 'openmetrics'] as const)('reads what the exporter writes as %s', async (format) => {
    const expected = samples.map(({ metric: { name }, labels, value }) => ({ name, labels, value }));
    expect(parseExposition(await render(samples, format))).toEqual(expected);
  });

  it('reads what others write: a time, blanks and a last comma', () => {
    expect(parseExposition('a{b="c", d="e",} 1 1700000000000\nf NaN\n')).toEqual([
      { name: 'a', labels: { b: 'c', d: 'e' }, value: 1 },
      { name: 'f', labels: {}, value: Number.NaN },
    ]);
  });

  it.each(['<html>', 'a{b=c} 1', 'a one', 'a', '{} 1', 'a{b="c} 1'])('refuses %j', (text) => {
    expect(() => parseExposition(text)).toThrow(ParseError);
  });
});
