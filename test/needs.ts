import type { TestOptions } from 'vitest';
import { declarePrograms } from './declared-programs.ts';
import { neededConditions } from './needed-conditions.ts';
import { namesOf, neededPrograms, type ProgramName, whyNot } from './needed-programs.ts';
import { sharedAnswer } from './shared-answers.ts';

/** Something that a test needs and that this machine lacks. */
export interface Missing {
  /** `promtool 2.24 (needs 2.42)` */
  readonly what: string;
  /** The Debian package that brings it. */
  readonly from?: string;
  /** What to do where no package brings it. */
  readonly advice?: string;
}

declare module 'vitest' {
  interface TaskMeta {
    /** Why a test is left out. */
    missing?: readonly Missing[];
  }
}

export type Need = ProgramName | keyof typeof neededConditions;

/**
 * Options of a suite or a test that runs against something real: `describe('...', needs('ip', 'root'), () => {})`.
 * Where something is missing it is left out, and the summary at the end of the run has it. With CI=true that is an error,
 * but for what the variable LEFT_OUT names.
 */
export function needs(...all: readonly Need[]): TestOptions {
  declarePrograms(all.filter(isProgram).flatMap(namesOf));
  const missing = findMissing(all);
  if (missing.length === 0) return {};
  if (process.env.CI === 'true' && !all.some((need) => need === process.env.LEFT_OUT)) {
    throw new Error(`Cannot leave out a suite with CI=true: it needs ${missing.map(describeMissing).join(', ')}`);
  }
  return { skip: true, meta: { missing } };
}

/** Conditions start programs, and one takes those before it for granted: the first that is not met stands for the rest. */
function findMissing(all: readonly Need[]): Missing[] {
  const programs = all.filter(isProgram).flatMap((name) => {
    const what = whyNot(name);
    return what === undefined ? [] : [{ what, from: neededPrograms[name].from }];
  });
  const conditions = all.filter(isCondition).filter((name) => programs.length === 0 || name === 'root');
  const unmet = conditions.find((name) => !isMet(name));
  if (unmet === undefined) return programs;
  const { isMet: _, ...rest } = neededConditions[unmet];
  return [...programs, { what: unmet, ...rest }];
}

function isMet(name: keyof typeof neededConditions): boolean {
  return sharedAnswer(`condition ${name}`, () => String(neededConditions[name].isMet())) === 'true';
}

function isProgram(need: Need): need is ProgramName {
  return need in neededPrograms;
}

function isCondition(need: Need): need is keyof typeof neededConditions {
  return need in neededConditions;
}

function describeMissing({ what, from, advice }: Missing): string {
  return `${what} (${from === undefined ? advice : `apt-get install ${from}`})`;
}
