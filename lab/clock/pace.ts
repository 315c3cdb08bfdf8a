/** What the work of pace.sh takes on a quiet machine of two processors (AMD EPYC, Linux 6.18), in microseconds. */
const referenceMicroseconds = 20_000;
/** The last measurements, less the extremes: what coincides with something rare on the machine shows nothing about the others. */
const [recent, extremes] = [10, 2];
/**
 * How much of the slowness stays at each measurement at least. The scheduler of the machine lets a lab that idles run at
 * once, for a while, whatever else wants to run: such a moment is no sign for the next load.
 */
const remaining = 0.9;
/** Beyond, the lab would hardly come to an end. */
const maxSlowness = 16;

/** What pace.sh measured, in microseconds of the lab's clock; undefined for other lines. */
export function readPace(line: string): number | undefined {
  const [, microseconds] = /^pace (\d+)$/.exec(line) ?? [];
  return microseconds === undefined ? undefined : Number(microseconds);
}

/** How many times slower than the reference the machine is: 1 for one that is as fast, or faster. */
export interface Pace {
  /** Takes a measurement in microseconds of the lab's clock. Returns the slowness, to which that clock is set then. */
  add(microseconds: number): number;
}

export function createPace(): Pace {
  const measured: number[] = [];
  let slowness = 1;
  return {
    add(microseconds) {
      // The lab's clock went slower by the slowness of before: see boot.ts.
      measured.push((microseconds * slowness) / referenceMicroseconds);
      if (measured.length > recent) measured.shift();
      slowness = Math.min(maxSlowness, Math.max(1, slowness * remaining, meanWithoutExtremes(measured)));
      return slowness;
    },
  };
}

/** Of few values none is an extreme. */
function meanWithoutExtremes(values: readonly number[]): number {
  const left = Math.min(extremes, Math.floor((values.length - 1) / 2));
  const middle = values.toSorted((one, other) => one - other).slice(left, values.length - left);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
