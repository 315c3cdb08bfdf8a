import { describe, expect, it } from 'vitest';
import { formatResult, isAllSeen, parseResult } from '../../lab/results.ts';

const results = [
  { name: 'full-table', seen: 12, notSeen: 0 },
  { name: 'verdict', seen: 3, notSeen: 2 },
  { name: 'verdict', seen: 0, notSeen: 1 },
];

describe('parseResult()', () => {
  it.each(results)('reads what formatResult() prints of $seen and $notSeen', (result) => {
    expect(parseResult(formatResult(result))).toEqual(result);
  });

  it.each([
    'verdict: the exporter on compute distinguishes direct server return from two-way traffic',
    'ok          7.1 s  scenario: all 3 checks seen',
    'lab: cluster up after 11.52 s',
    '',
  ])('leaves %j to others', (line) => {
    expect(parseResult(line)).toBeUndefined();
  });
});

describe('isAllSeen()', () => {
  it('asks for a check, and for none that was not seen', () => {
    const seen = { name: 'verdict', seen: 1, notSeen: 0 };
    expect([seen, { ...seen, seen: 0 }, { ...seen, notSeen: 1 }, undefined].map(isAllSeen)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
