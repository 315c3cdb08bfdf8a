import { levelRivals, type Notices, type RaceOutcome } from './outcome.ts';
import type { Run, Scenario } from './scenario.ts';
import { soonestSeen } from './simulation.ts';

/** Somebody who is called has to have this long, where the table takes longer to fill once its flows can be seen. */
const minLead = 30;

const hour = 3600;
const hoursAhead = 2 * hour;

/** What our rules missed in a run. */
export function missedGoals(goal: Scenario['goal'], run: Run, outcome: RaceOutcome): string[] {
  const { fullAfter, pages } = outcome;
  const inVain = pages.inVain.map(
    ({ alert, after }) => `${alert} pages in vain ${Math.round(after)} s after the onset`,
  );
  if (goal === 'silence') return fullAfter === undefined ? inVain : [...inVain, 'the table was full'];
  if (fullAfter === undefined) return [...inVain, 'the table was never full'];
  const { leadSeconds = minLead, recklessRivals = [] } = run;
  const possible = fullAfter - soonestSeen(run.onset) >= leadSeconds;
  const lead = leadOf(outcome, pages);
  return [
    ...inVain,
    ...(lead > 0 ? [] : ['no page before the table is full']),
    ...(goal === 'page' && possible && lead > 0 && lead < leadSeconds
      ? [`page only ${lead} s before the table is full`]
      : []),
    ...(goal === 'foretell' && leadOfAny(outcome) < hoursAhead ? [`told only ${leadOfAny(outcome)} s before`] : []),
    ...missedRivals(goal, outcome, recklessRivals),
  ];
}

/** Before every rival somebody is told, and before those that look at the level alone somebody is called. */
function missedRivals(goal: Scenario['goal'], outcome: RaceOutcome, reckless: readonly string[]): string[] {
  return [...outcome.rivals].flatMap(([rival, notices]) => {
    if (reckless.includes(rival)) return [];
    const lead = leadOf(outcome, notices);
    const call = goal === 'page' && levelRivals.includes(rival);
    const ours = call ? leadOf(outcome, outcome.pages) : leadOfAny(outcome);
    return ours > lead ? [] : [`${rival} ${lead} s before the table is full, ours ${ours} s`];
  });
}

/** Seconds between what was told first and the full table; minus infinity when nothing was told. */
export function leadOf({ fullAfter = Number.NaN }: RaceOutcome, { first }: Notices): number {
  return first === undefined ? Number.NEGATIVE_INFINITY : Math.round(fullAfter - first.after);
}

/** Of a warning or a page, whichever came first. */
function leadOfAny(outcome: RaceOutcome): number {
  return Math.max(leadOf(outcome, outcome.warnings), leadOf(outcome, outcome.pages));
}
