import { describe, expect, it } from 'vitest';
import { missedGoals } from '../../bench/race/goals.ts';
import { evaluateRun, readRaceRules, simulateRun } from '../../bench/race/run.ts';
import { quickScenarios } from '../../bench/race/scenarios.ts';
import { needs } from '../needs.ts';

describe('Alert rules page in time, before others, and never without a cause', needs('promtool'), () => {
  it.each(quickScenarios)('$name', async ({ goal, runs }) => {
    const rules = await readRaceRules();
    for (const run of runs) {
      const outcome = await evaluateRun(run, await simulateRun(run, rules), rules);
      expect(missedGoals(goal, run, outcome)).toEqual([]);
    }
  });
});
