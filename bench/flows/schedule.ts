/** For so many seconds, from one rate per second to another in a straight line. */
export type RateSegment = readonly [seconds: number, from: number, to: number];

/** The rate at a time in seconds; 0 after the end. */
export function rateAt(schedule: readonly RateSegment[], seconds: number): number {
  let start = 0;
  for (const [length, from, to] of schedule) {
    if (seconds < start + length) return from + ((to - from) * (seconds - start)) / length;
    start += length;
  }
  return 0;
}
