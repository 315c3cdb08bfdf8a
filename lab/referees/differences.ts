/** Where two sets of series are not the same, one line each: a series too few, one too many, another value. */
export function findDifferences(expected: ReadonlyMap<string, number>, actual: ReadonlyMap<string, number>): string[] {
  const names = [...new Set([...expected.keys(), ...actual.keys()])];
  return names
    .filter((name) => expected.get(name) !== actual.get(name))
    .map((name) => `${name}: ${expected.get(name) ?? 'absent'} expected, got ${actual.get(name) ?? 'none'}`);
}
