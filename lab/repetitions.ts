import { isAllSeen, type Result } from './results.ts';

/** Runs scenarios in a fresh cluster. Those that it did not come to have no result. */
export type RunInFreshCluster = (names: readonly string[]) => Promise<readonly Result[]>;

/** A neighbour on the machine may spoil a scenario, but hardly three times in a row. */
export const maxRepetitions = 2;

/**
 * Runs scenarios, and again those of which something was not seen, each in a fresh cluster of its own. Ends at the first
 * of which something is not seen in its last repetition. Returns the last result of each.
 */
export async function runWithRepetitions(
  names: readonly string[],
  run: RunInFreshCluster,
  print: (line: string) => void,
): Promise<ReadonlyMap<string, Result>> {
  const results = toMap(await run(names));
  for (const group of groupNotSeen(names, results)) {
    const repeated = await repeat(group, run, print);
    for (const [name, result] of repeated) results.set(name, result);
    if (groupNotSeen(group, results).length > 0) break;
  }
  return results;
}

async function repeat(
  names: readonly string[],
  run: RunInFreshCluster,
  print: (line: string) => void,
): Promise<ReadonlyMap<string, Result>> {
  const results = new Map<string, Result>();
  for (let repetition = 1; repetition <= maxRepetitions; repetition++) {
    const left = groupNotSeen(names, results).flat();
    if (left.length === 0) break;
    print(`\nlab: runs again in a fresh cluster, repetition ${repetition} of ${maxRepetitions}: ${left.join(', ')}`);
    for (const [name, result] of toMap(await run(left))) results.set(name, result);
  }
  return results;
}

/** Each alone, but for those without a result: the cluster did not start, or ended before. */
function groupNotSeen(names: readonly string[], results: ReadonlyMap<string, Result>): readonly string[][] {
  const without = names.filter((name) => !results.has(name));
  const notSeen = names.filter((name) => results.has(name) && !isAllSeen(results.get(name)));
  return [...notSeen.map((name) => [name]), ...(without.length > 0 ? [without] : [])];
}

function toMap(results: readonly Result[]): Map<string, Result> {
  return new Map(results.map((result) => [result.name, result]));
}
