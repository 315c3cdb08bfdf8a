/** How much values rise from one to the next, and between which bounds that lies with a confidence of 95 %. */
export interface Trend {
  readonly perStep: number;
  readonly low: number;
  readonly high: number;
}

/** Of the normal distribution, for 95 %. */
const deviations = 1.96;

/**
 * The slope of Theil and Sen, which a few outliers do not move: the median of the slopes between every two values. The
 * bounds are those of Sen (1968): no distribution of the values is assumed.
 */
export function findTrend(values: readonly number[]): Trend {
  const slopes = values
    .flatMap((earlier, index) => values.slice(index + 1).map((later, distance) => (later - earlier) / (distance + 1)))
    .sort((one, other) => one - other);
  const count = values.length;
  const spread = deviations * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  const at = (rank: number) => slopes[Math.min(Math.max(Math.round(rank), 0), slopes.length - 1)] ?? Number.NaN;
  return { perStep: median(slopes), low: at((slopes.length - spread) / 2 - 1), high: at((slopes.length + spread) / 2) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return (below + above) / 2;
}
