/**
 * Our alert rules against those of others, on the same simulated tables: how long before the table is full an alert
 * fires, and how often without cause. Needs promtool (Debian's package prometheus).
 *
 *     npx tsx bench/race/race.ts [WORDS]    the scenarios that have these words in their name, or all
 *
 * The exit status is 1 when our rules miss a goal of race-goals.ts.
 */
import process from 'node:process';
import { missedGoals } from './goals.ts';
import type { RaceOutcome } from './outcome.ts';
import { describeScenario, heading } from './report.ts';
import { evaluateRun, readRaceRules, simulateRun } from './run.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import type { Simulated } from './simulation.ts';

const words = process.argv.slice(2).join(' ');
const chosen = scenarios.filter(({ name }) => name.includes(words));
const rules = await readRaceRules();
const print = (columns: readonly string[]) =>
  process.stdout.write(
    `${columns
      .map((column, index) => column.padEnd(index === 0 ? 48 : 18))
      .join('')
      .trimEnd()}\n`,
  );

print(heading);
const misses: string[] = [];
let reported: Promise<void> = Promise.resolve();
for (const scenario of chosen) {
  const simulations = [];
  for (const run of scenario.runs) simulations.push(await simulateRun(run, rules));
  // The rules are evaluated in another process, while the next scenario is simulated.
  await reported;
  reported = report(scenario, simulations);
}
await reported;
for (const miss of misses) process.stdout.write(`Missed: ${miss}\n`);
process.exitCode = misses.length > 0 ? 1 : 0;

async function report(scenario: Scenario, simulations: readonly Simulated[]): Promise<void> {
  const outcomes: RaceOutcome[] = [];
  for (const [index, run] of scenario.runs.entries()) {
    const simulated = simulations[index];
    if (simulated === undefined) continue;
    const outcome = await evaluateRun(run, simulated, rules);
    const missed = missedGoals(scenario.goal, run, outcome);
    misses.push(...missed.map((miss) => `${scenario.name}: ${miss}`));
    outcomes.push(outcome);
  }
  print(describeScenario(scenario, outcomes));
}
