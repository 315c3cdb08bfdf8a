/** The least number that a counter of 32 bits is printed as. */
export const minSigned = -(2 ** 31);

/** Before keepalived 2.0.17 a counter of 2^31 and more is printed as a negative number. */
export function asUnsigned(count: number): number {
  return count < 0 ? count + 2 ** 32 : count;
}
