/**
 * Counts distinct things from their hashes in a few bytes: HyperLogLog (Flajolet et al., 2007), with linear counting
 * for small numbers as that paper has it. Its standard error with 64 registers is 1.04 / sqrt(64), 13 %.
 */
export const registers = 64;

const indexBits = 6;

/** The correction for 64 registers, from the paper. */
const alpha = 0.709;

/** Takes in one 32-bit hash. The registers begin at `start`. */
export function addHash(sketch: Uint8Array, start: number, hash: number): void {
  const register = start + (hash & (registers - 1));
  const rank = Math.clz32(hash >>> indexBits) - indexBits + 1;
  if (rank > (sketch[register] ?? 0)) sketch[register] = rank;
}

/** How many distinct hashes were taken in, about. */
export function estimateDistinct(sketch: Uint8Array): number {
  let sum = 0;
  let empty = 0;
  for (const rank of sketch) {
    sum += 2 ** -rank;
    if (rank === 0) empty++;
  }
  const estimate = (alpha * registers * registers) / sum;
  return estimate <= 2.5 * registers && empty > 0 ? registers * Math.log(registers / empty) : estimate;
}
