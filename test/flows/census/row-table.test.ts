import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClassTallies } from '../../../src/flows/census/class-tally.ts';
import { hashWords } from '../../../src/flows/census/hash.ts';
import { cell, countFlow } from '../../../src/flows/census/row-cells.ts';
import { createRowTable } from '../../../src/flows/census/row-table.ts';
import { createFlow } from '../../../src/identity/flow.ts';
import { timeouts } from '../simulated-table.ts';

/** Counts a flow in the row of each of these keys, and gives what the table then has: entries and bound by key. */
function fill(keys: Iterable<number>, capacity: number) {
  const table = createRowTable(capacity, 1, 0);
  const tally = createClassTallies(timeouts).find(createFlow());
  const key = new Uint32Array(1);
  for (const one of keys) {
    key[0] = one;
    countFlow(table.cells, table.countsAt(table.find(key, hashWords(key, 1, 0))), tally, 0, 10);
  }
  const rows = Array.from({ length: table.rows() }, (_, row) => row);
  return {
    missedAtMost: table.missedAtMost(),
    rows: new Map(
      rows.map((row) => [
        table.key(row)[0] ?? -1,
        { entries: table.count(row, cell.entries), missedAtMost: table.count(row, cell.missedAtMost) },
      ]),
    ),
  };
}

describe('createRowTable()', () => {
  test('counts exactly while it has room', () => {
    expect(fill([1, 2, 1, 3, 1], 3)).toEqual({
      missedAtMost: 0,
      rows: new Map([
        [1, { entries: 3, missedAtMost: 0 }],
        [2, { entries: 1, missedAtMost: 0 }],
        [3, { entries: 1, missedAtMost: 0 }],
      ]),
    });
  });

  test('gives up the lesser half when it is full, and reports what later rows may have missed', () => {
    expect(fill([1, 1, 1, 2, 2, 3, 4, 5, 3], 4)).toEqual({
      missedAtMost: 2,
      rows: new Map([
        [1, { entries: 3, missedAtMost: 0 }],
        [5, { entries: 1, missedAtMost: 2 }],
        [3, { entries: 1, missedAtMost: 2 }],
      ]),
    });
  });

  test('never has a row more than its capacity, nor misses more than it reports, nor reports more than 2n / capacity', () => {
    const stream = fc.array(fc.oneof(fc.nat(5), fc.nat(1000)), { maxLength: 2000 });
    fc.assert(
      fc.property(stream, fc.integer({ min: 4, max: 32 }), (keys, capacity) => {
        const { rows, missedAtMost } = fill(keys, capacity);
        expect(rows.size).toBeLessThanOrEqual(capacity);
        expect(missedAtMost).toBeLessThanOrEqual((2 * keys.length) / capacity);
        for (const key of new Set(keys)) {
          const truth = keys.filter((other) => other === key).length;
          const { entries = 0, missedAtMost: missed = missedAtMost } = rows.get(key) ?? {};
          expect(entries).toBeLessThanOrEqual(truth);
          expect(entries + missed).toBeGreaterThanOrEqual(truth);
        }
      }),
    );
  });

  test('finds the heavy key among a million others', () => {
    function* keys() {
      for (let i = 0; i < 1_000_000; i++) yield i % 20 === 0 ? 1 : i + 2;
    }
    const { rows, missedAtMost } = fill(keys(), 8192);
    expect(rows.get(1)).toEqual({ entries: 50_000, missedAtMost: 0 });
    expect(missedAtMost).toBeLessThanOrEqual(245);
  });
});
