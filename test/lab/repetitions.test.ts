import { describe, expect, it } from 'vitest';
import { runWithRepetitions } from '../../lab/repetitions.ts';
import { isAllSeen, type Result } from '../../lab/results.ts';

const seen = (name: string): Result => ({ name, seen: 2, notSeen: 0 });
const notSeen = (name: string): Result => ({ name, seen: 1, notSeen: 1 });

/** Runs scenarios in clusters that answer with these results, one after the other. */
async function run(names: readonly string[], ...clusters: readonly (readonly Result[])[]) {
  const [runs, printed]: [string[][], string[]] = [[], []];
  const results = await runWithRepetitions(
    names,
    async (some) => {
      runs.push([...some]);
      return clusters[runs.length - 1] ?? [];
    },
    (line) => printed.push(line.trim()),
  );
  const green = names.every((name) => isAllSeen(results.get(name)));
  return { runs, printed, green };
}

describe('runWithRepetitions()', () => {
  it('runs scenarios once of which all is seen', async () => {
    const { runs, printed, green } = await run(['one', 'two'], [seen('one'), seen('two')]);
    expect({ runs, printed, green }).toEqual({ runs: [['one', 'two']], printed: [], green: true });
  });

  it('runs one again alone of which something was not seen, and reports it', async () => {
    const { runs, printed, green } = await run(['one', 'two'], [notSeen('one'), seen('two')], [seen('one')]);
    expect(runs).toEqual([['one', 'two'], ['one']]);
    expect(printed).toEqual(['lab: runs again in a fresh cluster, repetition 1 of 2: one']);
    expect(green).toBe(true);
  });

  it('gives each a cluster of its own', async () => {
    const { runs } = await run(['one', 'two'], [notSeen('one'), notSeen('two')], [seen('one')], [seen('two')]);
    expect(runs).toEqual([['one', 'two'], ['one'], ['two']]);
  });

  it('is red when something is not seen in the last repetition, and ends there', async () => {
    const clusters = [[notSeen('one'), notSeen('two')], [notSeen('one')], [notSeen('one')], [seen('two')]];
    const { runs, green } = await run(['one', 'two'], ...clusters);
    expect(runs).toEqual([['one', 'two'], ['one'], ['one']]);
    expect(green).toBe(false);
  });

  it('runs all together again to which a cluster did not come', async () => {
    const { runs, green } = await run(['one', 'two', 'three'], [seen('one')], [seen('two'), seen('three')]);
    expect(runs).toEqual([
      ['one', 'two', 'three'],
      ['two', 'three'],
    ]);
    expect(green).toBe(true);
  });

  it('is red when no cluster starts', async () => {
    const { runs, green } = await run(['one'], [], [], []);
    expect(runs).toEqual([['one'], ['one'], ['one']]);
    expect(green).toBe(false);
  });

  it('counts on a repetition whatever it brings of other scenarios', async () => {
    const { green } = await run(['one'], [notSeen('one')], [seen('start'), seen('one')]);
    expect(green).toBe(true);
  });
});
