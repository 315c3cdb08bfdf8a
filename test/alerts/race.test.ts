import { describe, expect, it } from 'vitest';
import { missedGoals } from '../../bench/race-goals.ts';
import { evaluateRun, readRaceRules, simulateRun } from '../../bench/race-run.ts';
import { scenarios } from '../../bench/race-scenarios.ts';
import { havePrograms } from '../debian-package.ts';

/** The scenarios of `npm run bench -- race` that are over soon, each with the first of its runs. */
const quick = ['step to 1.2 times what fits', 'step to 1.5 times', 'step to 3 times', 'table flushed at 60 %'];

describe.runIf(havePrograms('promtool'))('Alert rules on a simulated table', () => {
  it.each(quick)('%s: page in time, before others do, and never in vain', async (wanted) => {
    const { goal, runs: [run] = [] } = scenarios.find(({ name }) => name === wanted) ?? {};
    if (goal === undefined || run === undefined) throw new RangeError(`No scenario "${wanted}"`);
    const rules = await readRaceRules();
    const outcome = await evaluateRun(run, await simulateRun(run, rules), rules);
    expect(missedGoals(goal, run, outcome)).toEqual([]);
  });
});
