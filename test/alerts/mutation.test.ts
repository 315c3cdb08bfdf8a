import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import type { AlertTest } from '../../alerts/tests/alert-test.ts';
import { allAlertTests } from '../../alerts/tests/index.ts';
import { parseDuration } from '../../src/parsers/duration.ts';
import { needs } from '../needs.ts';
import { dependents } from './dependencies.ts';
import { type Mutant, makeMutants } from './mutants.ts';
import { testRules } from './promtool.ts';
import { evaluationSeconds, writeTests } from './promtool-test.ts';

/** Mistakes that change nothing, with the reason. */
const harmless: Readonly<Record<string, string>> = {
  'KeepalivedProcessDown critical: 0.6 -> 0.66': 'it is a share of four or five readings',
  'KeepalivedProcessDown critical: 2 -> 2.2': 'restarts are counted',
  'IpvsServiceWeightZero critical: 1 -> 1.1': 'real servers are counted',
  'KeepalivedSplitBrain critical: 1 -> 1.1': 'directors are counted',
  'KeepalivedFlapping warning: 3 -> 2.7': 'so are the times',
};

/** Hundreds of rule files, minutes of work for promtool. */
const options = { ...needs('promtool'), timeout: 3_600_000 };

it('Tests notice every mistake in a rule', options, async () => {
  const mutants = makeMutants(groups).filter(({ name }) => !(name in harmless));
  expect(await findSurvivors(mutants)).toEqual([]);
});

/** In rounds, each with one test of every mistake that no earlier one has noticed: that with the fewest evaluations first. */
async function findSurvivors(mutants: readonly Mutant[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-mutants-'));
  try {
    const survivors: string[] = [];
    let tried: readonly Tried[] = mutants.map((mutant) => ({ mutant, tests: testsOf(mutant) }));
    for (let round = 0; tried.length > 0; round++) {
      const isOut = ({ tests }: Tried) => round >= tests.length;
      survivors.push(...tried.filter(isOut).map(({ mutant }) => mutant.name));
      tried = await findUnnoticed(
        await mkdtemp(join(folder, 'round-')),
        tried.filter((one) => !isOut(one)),
        round,
      );
    }
    return survivors;
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Tried {
  readonly mutant: Mutant;
  readonly tests: readonly AlertTest[];
}

/** The tests of the alerts that a mistake can change. */
function testsOf({ groups: mutated, rule }: Mutant): AlertTest[] {
  const alerts = dependents(mutated, rule);
  const tests = allAlertTests.filter(
    ({ alerts: [alert, ...others] }) => others.length === 0 && alerts.includes(alert ?? ''),
  );
  return tests.toSorted((one, other) => countEvaluations(one) - countEvaluations(other));
}

/** Until the last time that the test looks at. */
function countEvaluations(test: AlertTest): number {
  const seconds = Object.keys(test.expected).map((time) => parseDuration(time) ?? 0);
  return Math.max(...seconds) / evaluationSeconds(test);
}

/** Those that pass the test of this round. */
async function findUnnoticed(folder: string, tried: readonly Tried[], round: number): Promise<Tried[]> {
  const files = await Promise.all(
    tried.map(({ mutant, tests }, index) =>
      writeTests(folder, String(index), mutant.groups, tests.slice(round, round + 1)),
    ),
  );
  const complaints = await testRules('promtool', folder, files);
  return tried.filter((_, index) => complaints[index] === '');
}
