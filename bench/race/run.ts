import { fileURLToPath } from 'node:url';
import { judgeRun, type RaceOutcome } from './outcome.ts';
import { evaluate, type Rules, readRules } from './promtool.ts';
import type { Run } from './scenario.ts';
import { type Simulated, simulate, toSimulation } from './simulation.ts';

/** Our rules as they are delivered, and those of the rivals. */
export async function readRaceRules(): Promise<Rules> {
  const paths = ['../../alerts/lvs-exporter.rules.yml', 'rivals.yml'];
  return await readRules(paths.map((path) => fileURLToPath(new URL(path, import.meta.url))));
}

/** Groups of our rules that matter in seconds are evaluated as often. */
const minEvaluation = 5;

export async function simulateRun(run: Run, rules: Rules): Promise<Simulated> {
  return await simulate(run, namesIn(rules.text));
}

/** Words that may be names of metrics. */
function namesIn(text: string): ReadonlySet<string> {
  return new Set(text.match(/[a-z_][a-z0-9_]*/g));
}

export async function evaluateRun(run: Run, simulated: Simulated, rules: Rules): Promise<RaceOutcome> {
  const { onset, seconds, scrapeSeconds } = run;
  const evaluationSeconds = scrapeSeconds === 15 ? minEvaluation : scrapeSeconds;
  const evaluations = Math.floor(seconds / evaluationSeconds);
  const firings = await evaluate(rules, { series: simulated.series, scrapeSeconds, evaluationSeconds, evaluations });
  const seen = firings.map((firing) => {
    const interval = rules.intervals.get(firing.alert) ?? evaluationSeconds;
    const late = Math.max(0, interval - evaluationSeconds) / 2;
    return { ...firing, at: firing.at.map((time) => toSimulation(time) + late) };
  });
  return judgeRun(seen, { ...simulated, onset, evaluationSeconds });
}
