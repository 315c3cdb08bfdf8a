import { sum } from '../../src/flows/arithmetic.ts';
import { leadOf } from './goals.ts';
import { type Notices, type RaceOutcome, rivals } from './outcome.ts';
import type { Scenario } from './scenario.ts';

export const heading: readonly string[] = ['', 'full after', 'we warn', 'we page', ...rivals, 'forecast'];

const nothing: Notices = { first: undefined, falseNotices: [] };

/** A row of the table: the worst of the runs in each column. */
export function describeScenario({ name, goal }: Scenario, outcomes: readonly RaceOutcome[]): string[] {
  const describe = (pick: (outcome: RaceOutcome) => Notices) =>
    goal === 'silence' ? describeSilence(outcomes.map(pick)) : describeLead(outcomes, pick);
  return [
    name,
    describeFull(outcomes),
    describe(({ warnings }) => warnings),
    describe(({ pages }) => pages),
    ...rivals.map((rival) => describe((outcome) => outcome.rivals.get(rival) ?? nothing)),
    describeForecasts(outcomes),
  ];
}

/** The worst error, and of how many forecasts how many were off by more than 30 %; of a table that does not fill, all. */
function describeForecasts(outcomes: readonly RaceOutcome[]): string {
  const forecasts = outcomes.map((outcome) => outcome.forecasts);
  const finite = sum(forecasts.map((one) => one.finite));
  const wrong = sum(forecasts.map((one) => one.wrong));
  if (finite === 0) return '-';
  if (outcomes.every(({ fullAfter }) => fullAfter === undefined)) return `${finite} x`;
  const worst = `${Math.round(100 * Math.max(...forecasts.map((one) => one.worst)))} %`;
  return wrong === 0 ? worst : `${worst}, ${wrong} of ${finite}`;
}

function describeFull(outcomes: readonly RaceOutcome[]): string {
  const soonest = Math.min(...outcomes.map(({ fullAfter = Number.POSITIVE_INFINITY }) => fullAfter));
  const most = Math.max(...outcomes.map(({ maxUsage }) => maxUsage));
  return Number.isFinite(soonest) ? describeSeconds(soonest) : `never, ${Math.round(100 * most)} %`;
}

function describeLead(outcomes: readonly RaceOutcome[], pick: (outcome: RaceOutcome) => Notices): string {
  const lead = Math.min(...outcomes.map((outcome) => leadOf(outcome, pick(outcome))));
  const falseNotices = Math.max(...outcomes.map((outcome) => pick(outcome).falseNotices.length));
  const notice = lead < 0 ? (Number.isFinite(lead) ? 'late' : '-') : describeSeconds(lead);
  return falseNotices === 0 ? notice : `${notice}, ${falseNotices} x false`;
}

function describeSilence(notices: readonly Notices[]): string {
  const falseNotices = Math.max(...notices.map((one) => one.falseNotices.length));
  return falseNotices === 0 ? '-' : `${falseNotices} x`;
}

/** `97 s`, `16 min`, `3.5 h`, `6.2 d`. */
function describeSeconds(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [600, 'min'],
  ] as const;
  const [size, unit] = units.find(([least]) => Math.abs(seconds) >= 2 * least) ?? [1, 's'];
  if (unit === 's') return `${Math.round(seconds)} s`;
  return unit === 'min' ? `${Math.round(seconds / 60)} min` : `${(seconds / size).toFixed(1)} ${unit}`;
}
