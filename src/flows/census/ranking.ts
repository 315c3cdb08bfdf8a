/**
 * The first of several rankings of the same things, taken in turns: the largest by each measure is always among them.
 * Something that a measure gives 0 has no rank by it.
 */
export function rankInTurns<T>(all: readonly T[], most: number, measures: readonly ((one: T) => number)[]): T[] {
  const rankings = measures.map((measure) =>
    all
      .map((one) => ({ one, size: measure(one) }))
      .filter(({ size }) => size > 0)
      .sort((a, b) => b.size - a.size),
  );
  const chosen = new Set<T>();
  for (let rank = 0; rank < all.length; rank++) {
    for (const ranking of rankings) {
      const next = ranking[rank];
      if (next !== undefined && chosen.size < most) chosen.add(next.one);
    }
    if (chosen.size >= most) break;
  }
  return [...chosen];
}
