import { levelRivals, type Notices, type RaceOutcome } from './outcome.ts';
import type { Run, Scenario } from './scenario.ts';
import { soonestSeen } from './simulation.ts';

/** Time that a page must leave, if the table takes longer to fill once its flows can be seen. */
const minLead = 30;

const hour = 3600;
const hoursAhead = 2 * hour;

/** What our rules missed in a run. */
export function missedGoals(goal: Scenario['goal'], run: Run, outcome: RaceOutcome): string[] {
  const { fullAfter, pages } = outcome;
  const falseNotices = pages.falseNotices.map(
    ({ alert, after }) => `${alert} pages without cause ${Math.round(after)} s after the onset`,
  );
  if (goal === 'silence') return fullAfter === undefined ? falseNotices : [...falseNotices, 'the table was full'];
  if (fullAfter === undefined) return [...falseNotices, 'the table was never full'];
  const { leadSeconds = minLead, recklessRivals = [] } = run;
  const possible = fullAfter - soonestSeen(run.onset) >= leadSeconds;
  const lead = leadOf(outcome, pages);
  return [
    ...falseNotices,
    ...(lead > 0 ? [] : ['no page before the table is full']),
    ...(goal === 'page' && possible && lead > 0 && lead < leadSeconds
      ? [`page only ${lead} s before the table is full`]
      : []),
    ...(goal === 'foretell' && leadOfAny(outcome) < hoursAhead
      ? [`first alert only ${leadOfAny(outcome)} s before`]
      : []),
    ...missedRivals(goal, outcome, recklessRivals),
  ];
}

/** Ours must warn before every rival, and page before the rivals that look at the level alone. */
function missedRivals(goal: Scenario['goal'], outcome: RaceOutcome, reckless: readonly string[]): string[] {
  return [...outcome.rivals].flatMap(([rival, notices]) => {
    if (reckless.includes(rival)) return [];
    const lead = leadOf(outcome, notices);
    const call = goal === 'page' && levelRivals.includes(rival);
    const ours = call ? leadOf(outcome, outcome.pages) : leadOfAny(outcome);
    return ours > lead ? [] : [`${rival} ${lead} s before the table is full, ours ${ours} s`];
  });
}

/** Seconds between the first notice and the full table; minus infinity without a notice. */
export function leadOf({ fullAfter = Number.NaN }: RaceOutcome, { first }: Notices): number {
  return first === undefined ? Number.NEGATIVE_INFINITY : Math.round(fullAfter - first.after);
}

/** Of a warning or a page, whichever came first. */
function leadOfAny(outcome: RaceOutcome): number {
  return Math.max(leadOf(outcome, outcome.warnings), leadOf(outcome, outcome.pages));
}
