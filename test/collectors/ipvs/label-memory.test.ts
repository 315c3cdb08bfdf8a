import { describe, expect, it } from 'vitest';
import { createLabelMemory } from '../../../src/collectors/ipvs/label-memory.ts';
import type { Sample } from '../../../src/scrape/metric.ts';

type Labels = Sample['labels'];

/** The labels of each scrape as they are recalled, made again each time. */
function scrape(...scrapes: readonly (readonly Labels[])[]): Labels[][] {
  const begin = createLabelMemory();
  return scrapes.map((all) => {
    const recall = begin();
    return all.map((labels) => recall({ ...labels }));
  });
}

const [one, two, three] = [{ address: '1', port: '80' }, { address: '2', port: '80' }, { address: '3' }] as const;

describe('createLabelMemory()', () => {
  it('gives equal labels the object that they had in the last scrape, and in the one before', () => {
    const [first = [], second = [], third = []] = scrape([one, two, three], [one, two, three], [one, two, three]);
    for (const [index, labels] of [one, two, three].entries()) {
      expect(first[index]).toEqual(labels);
      expect(second[index]).toBe(first[index]);
      expect(third[index]).toBe(first[index]);
    }
  });

  it.each<[string, readonly Labels[], readonly Labels[]]>([
    ['a value that changed', [one], [two]],
    ['a label that came', [three], [{ ...three, port: '80' }]],
    ['a label that went', [{ ...three, port: '80' }], [three]],
    ['a label of another name', [{ address: '1' }], [{ port: '1' }]],
    ['a label that is undefined elsewhere', [{ address: '1', port: '2' }], [{ address: '1', family: '2' }]],
    ['servers that moved', [one, two, three], [two, three]],
  ])('does not take others for them: %s', (_what, before, after) => {
    expect(scrape(before, after)[1]).toEqual(after);
  });

  it('keeps what did not move', () => {
    const [first = [], second = []] = scrape([one, two, three], [one, three, two]);
    expect(second[0]).toBe(first[0]);
    expect(second).toEqual([one, three, two]);
  });
});
