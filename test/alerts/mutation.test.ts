import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
import type { AlertTest } from '../../alerts/tests/alert-test.ts';
import { allAlertTests } from '../../alerts/tests/index.ts';
import { needs } from '../needs.ts';
import { dependents } from './dependencies.ts';
import { type Mutant, makeMutants } from './mutants.ts';
import { testRules } from './promtool.ts';
import { evaluationSeconds, writeTests } from './promtool-test.ts';

/** Mistakes that change nothing, with the reason. */
const harmless: Readonly<Record<string, string>> = {
  'KeepalivedProcessDown critical: 0.6 -> 0.66': 'it is a share of four or five readings',
  'KeepalivedProcessDown critical: 2 -> 2.2': 'restarts are counted',
  'KeepalivedSplitBrain critical: 1 -> 1.1': 'directors are counted',
  'KeepalivedFlapping warning: 3 -> 2.7': 'so are the times',
};

/** Hundreds of rule files, minutes of work for promtool. */
const options = { ...needs('promtool'), timeout: 3_600_000 };

it('Tests notice every mistake in a rule', options, async () => {
  const mutants = makeMutants(groups).filter(({ name }) => !(name in harmless));
  expect(await findSurvivors(mutants)).toEqual([]);
});

/** In rounds, each with twice as many of an alert's tests: most mistakes are noticed by the first. */
async function findSurvivors(mutants: readonly Mutant[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-mutants-'));
  try {
    let survivors = mutants.map((mutant) => ({ mutant, tests: testsOf(mutant) }));
    const most = Math.max(...survivors.map(({ tests }) => tests.length));
    for (let [from, to] = [0, 1]; from < most; [from, to] = [to, 2 * to + 1]) {
      const round = survivors.map(({ mutant, tests }) => ({ mutant, tests: tests.slice(from, to) }));
      const unnoticed = await findUnnoticed(await mkdtemp(join(folder, 'round-')), round);
      survivors = survivors.filter((_, index) => unnoticed[index]);
    }
    return survivors.map(({ mutant }) => mutant.name);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The tests of the alerts that a mistake can change. */
function testsOf({ groups: mutated, rule }: Mutant): AlertTest[] {
  const alerts = dependents(mutated, rule);
  return allAlertTests.filter(({ alerts: [alert, ...others] }) => others.length === 0 && alerts.includes(alert ?? ''));
}

interface Tried {
  readonly mutant: Mutant;
  readonly tests: readonly AlertTest[];
}

/** Whether all of its tests pass, for each. */
async function findUnnoticed(folder: string, round: readonly Tried[]): Promise<boolean[]> {
  const files = await Promise.all(round.map((tried, index) => writeMutant(folder, tried, index)));
  const complaints = await testRules('promtool', folder, files.flat());
  const passed = new Set(files.flat().filter((_, index) => complaints[index] === ''));
  return files.map((own) => own.every((file) => passed.has(file)));
}

/** A file for each interval at which the tests are evaluated. */
function writeMutant(folder: string, { mutant, tests }: Tried, index: number): Promise<string[]> {
  const intervals = [...new Set(tests.map(evaluationSeconds))];
  return Promise.all(
    intervals.map((seconds) =>
      writeTests(
        folder,
        `${index}-${seconds}`,
        mutant.groups,
        tests.filter((test) => evaluationSeconds(test) === seconds),
      ),
    ),
  );
}
