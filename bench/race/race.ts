/**
 * Our alert rules against those of others, on the same simulated tables: how long before the table is full an alert
 * fires, and how often without cause. Needs promtool (Debian's package prometheus).
 *
 *     npx tsx bench/race/race.ts [--phases N] [WORDS]
 *
 * The exit status is 1 when our rules miss a goal of goals.ts.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { missedGoals } from './goals.ts';
import type { RaceOutcome } from './outcome.ts';
import { describeScenario, heading } from './report.ts';
import { evaluateRun, readRaceRules, simulateRun } from './run.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import type { Simulated } from './simulation.ts';

const usage = `Usage: npm run bench -- race [--phases N] [--list] [WORDS]

Runs the scenario of this name, or those that have the words in their name, or all. A row is printed for each:
the worst of its runs.

  --phases N    of the times between two scans at which something sudden begins, the first N; all 4 by default
  --list        print the names only
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    phases: { type: 'string', default: '4' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(usage);
  process.exit();
}

const words = positionals.join(' ');
const named = scenarios.filter(({ name }) => name === words);
const chosen = (named.length > 0 ? named : scenarios.filter(({ name }) => name.includes(words))).map((scenario) => ({
  ...scenario,
  runs: scenario.runs.slice(0, Number(options.phases)),
}));
if (options.list) {
  for (const { name } of chosen) process.stdout.write(`${name}\n`);
  process.exit();
}
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
