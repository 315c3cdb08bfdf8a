export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** NaN of none. */
export function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length;
}
