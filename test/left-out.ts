import { appendFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';
import type { Missing } from './needs.ts';

/** A test, as the summary needs it. */
export interface Outcome {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending';
  readonly missing: readonly Missing[];
}

/**
 * Sums up at the end of a run what was left out, and what brings it. A test that was neither run nor left out for a
 * reason fails the run. With the variable TEST_OUTCOMES, appends a line for each test to that file.
 */
export class LeftOut implements Reporter {
  private vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const outcomes = modules.flatMap((module) => [...module.children.allTests()].map(readOutcome));
    const file = process.env.TEST_OUTCOMES;
    if (file !== undefined) appendFileSync(file, outcomes.map(({ state, name }) => `${state}\t${name}\n`).join(''));
    this.vitest?.logger.log(summarize(outcomes).join('\n'));
    if (modules.some((module) => !module.ok()) || this.vitest?.config.testNamePattern) return;
    this.refuse(outcomes.filter(isUnexplained));
  }

  private refuse(unexplained: readonly Outcome[]): void {
    if (unexplained.length === 0) return;
    const names = unexplained.map(({ name }) => `   ${name}\n`).join('');
    this.vitest?.logger.error(` Neither run nor left out for a reason that needs() gives:\n${names}`);
    process.exitCode = 1;
  }
}

function readOutcome(test: TestCase): Outcome {
  return {
    // On one line: some tests are named after queries.
    name: `${test.module.relativeModuleId} > ${test.fullName}`.replaceAll(/\s+/g, ' '),
    state: test.result().state,
    missing: findReasons(test),
  };
}

/** Those of its suites come first: the rest of what it needs has not been looked at with less. */
function findReasons(test: TestCase): readonly Missing[] {
  let found = test.meta().missing ?? [];
  for (let one: TestSuite | TestModule = test.parent; one.type === 'suite'; one = one.parent) {
    found = one.meta().missing ?? found;
  }
  return found;
}

function isUnexplained({ state, missing }: Outcome): boolean {
  return (state === 'skipped' || state === 'pending') && missing.length === 0;
}

/** No lines where nothing was left out. */
export function summarize(outcomes: readonly Outcome[]): string[] {
  const leftOut = outcomes.filter(({ missing }) => missing.length > 0);
  if (leftOut.length === 0) return [];
  const missing = leftOut.flatMap((outcome) => outcome.missing);
  const packages = distinct(missing.flatMap(({ from = [] }) => from));
  const advice = distinct(missing.flatMap(({ advice: one = [] }) => one));
  return [
    ` Left out ${count(leftOut.length)} of ${count(outcomes.length)} tests. Missing, with the number of tests:`,
    `   ${distinct(missing.map(({ what }) => what))
      .map((what) => `${what}: ${leftOut.filter((one) => one.missing.some((each) => each.what === what)).length}`)
      .join(', ')}`,
    ...(packages.length === 0 ? [] : [` To run them: apt-get install ${packages.join(' ')}`]),
    ...advice.map((one) => ` To run them: ${one}`),
  ];
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}

function count(number: number): string {
  return number.toLocaleString('en');
}
