import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { groups } from '../../alerts/src/groups.ts';
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

/** It takes as long as all other suites. */
const options = { ...needs('promtool'), timeout: 3_600_000 };

it('Tests notice every mistake in a rule', options, async () => {
  const mutants = makeMutants(groups).filter(({ name }) => !(name in harmless));
  expect(await findSurvivors(mutants)).toEqual([]);
});

async function findSurvivors(mutants: readonly Mutant[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-mutants-'));
  try {
    const files = await Promise.all(mutants.map((mutant, index) => writeMutant(folder, mutant, index)));
    const complaints = await testRules('promtool', folder, files.flat());
    const survived = new Set(files.flat().filter((_, index) => complaints[index] === ''));
    return mutants.filter((_, index) => files[index]?.every((file) => survived.has(file))).map(({ name }) => name);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A test file for each interval at which tests of the alerts are evaluated that the mistake can change. */
function writeMutant(folder: string, { groups: mutated, rule }: Mutant, index: number): Promise<string[]> {
  const alerts = dependents(groups, rule);
  const tests = allAlertTests.filter(
    ({ alerts: [alert, ...others] }) => others.length === 0 && alerts.includes(alert ?? ''),
  );
  const intervals = [...new Set(tests.map(evaluationSeconds))];
  return Promise.all(
    intervals.map((seconds) =>
      writeTests(
        folder,
        `${index}-${seconds}`,
        mutated,
        tests.filter((test) => evaluationSeconds(test) === seconds),
      ),
    ),
  );
}
