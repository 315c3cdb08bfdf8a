import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClassTallies } from '../../../src/flows/census/class-tally.ts';
import { cell, createDestinationTable } from '../../../src/flows/census/destination-table.ts';
import { createFlow } from '../../../src/identity/flow.ts';
import { timeouts } from '../simulated-table.ts';

/** Adds a flow to each of these destinations, and gives what the table then has: entries and bound by destination. */
function fill(destinations: Iterable<number>, capacity: number) {
  const table = createDestinationTable(capacity, 0);
  const flow = createFlow();
  const tally = createClassTallies(timeouts).find(flow);
  for (const destination of destinations) {
    flow.destination.address.setUint32(0, destination);
    table.add(flow, tally, 0);
  }
  const rows = Array.from({ length: table.rows() }, (_, index) => table.row(index));
  return {
    missedAtMost: table.missedAtMost(),
    rows: new Map(
      rows.map((row) => [row[0] ?? -1, { entries: row[cell.entries], missedAtMost: row[cell.missedAtMost] }]),
    ),
  };
}

describe('createDestinationTable()', () => {
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

  test('gives up the lesser half when it is full, and says what later rows may have missed', () => {
    expect(fill([1, 1, 1, 2, 2, 3, 4, 5, 3], 4)).toEqual({
      missedAtMost: 2,
      rows: new Map([
        [1, { entries: 3, missedAtMost: 0 }],
        [5, { entries: 1, missedAtMost: 2 }],
        [3, { entries: 1, missedAtMost: 2 }],
      ]),
    });
  });

  test('never has a row more than its capacity, nor misses more than it says, nor says more than 2n / capacity', () => {
    const stream = fc.array(fc.oneof(fc.nat(5), fc.nat(1000)), { maxLength: 2000 });
    fc.assert(
      fc.property(stream, fc.integer({ min: 4, max: 32 }), (destinations, capacity) => {
        const { rows, missedAtMost } = fill(destinations, capacity);
        expect(rows.size).toBeLessThanOrEqual(capacity);
        expect(missedAtMost).toBeLessThanOrEqual((2 * destinations.length) / capacity);
        for (const destination of new Set(destinations)) {
          const truth = destinations.filter((other) => other === destination).length;
          const { entries = 0, missedAtMost: missed = missedAtMost } = rows.get(destination) ?? {};
          expect(entries).toBeLessThanOrEqual(truth);
          expect(entries + missed).toBeGreaterThanOrEqual(truth);
        }
      }),
    );
  });

  test('finds the heavy destination among a million others', () => {
    function* destinations() {
      for (let i = 0; i < 1_000_000; i++) yield i % 20 === 0 ? 1 : i + 2;
    }
    const { rows, missedAtMost } = fill(destinations(), 8192);
    expect(rows.get(1)).toEqual({ entries: 50_000, missedAtMost: 0 });
    expect(missedAtMost).toBeLessThanOrEqual(245);
  });
});
