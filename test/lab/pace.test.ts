import { describe, expect, it } from 'vitest';
import { createPace, type Pace, readPace } from '../../lab/clock/pace.ts';

const reference = 20_000;

/** Measures with the lab's clock, which is as slow as was found before, on machines that are so many times slower. */
function measure(pace: Pace, ...machines: readonly number[]): number[] {
  let slowness = 1;
  return machines.map((machine) => {
    slowness = pace.add((machine * reference) / slowness);
    return slowness;
  });
}

describe('readPace()', () => {
  it('reads what pace.sh prints', () => {
    expect(readPace('pace 17234')).toBe(17_234);
  });

  it.each(['ok 1.0 s pace 17234', 'pace', 'pace 17234 us', ''])('leaves %j to others', (line) => {
    expect(readPace(line)).toBeUndefined();
  });
});

describe('createPace()', () => {
  it('finds a machine that is slower from the start', () => {
    expect(measure(createPace(), 3)).toEqual([3]);
  });

  it('never finds a machine faster than the reference', () => {
    expect(measure(createPace(), 0.5, 0.5)).toEqual([1, 1]);
  });

  it('finds the same slowness whatever the lab is slowed by', () => {
    const found = measure(createPace(), ...Array<number>(20).fill(4));
    expect(found.at(-1)).toBeCloseTo(4);
  });

  it('follows a neighbour that comes later', () => {
    const found = measure(createPace(), ...Array<number>(10).fill(1), ...Array<number>(8).fill(3));
    expect(found.at(-1)).toBeCloseTo(3);
  });

  it('follows a neighbour that goes, and that may be back soon, after a while', () => {
    const found = measure(createPace(), ...Array<number>(10).fill(3), ...Array<number>(40).fill(1));
    expect(found.at(13)).toBeGreaterThan(1.9);
    expect(found.at(-1)).toBeCloseTo(1);
  });

  it('takes no notice of what happens twice in ten measurements, as a moment with or without a neighbour', () => {
    expect(measure(createPace(), 2, 2, 2, 900, 2, 1, 2, 2, 50, 2, 2, 1, 2, 2).at(-1)).toBeCloseTo(2);
  });

  it('has a limit', () => {
    expect(measure(createPace(), 1000)).toEqual([16]);
  });
});
