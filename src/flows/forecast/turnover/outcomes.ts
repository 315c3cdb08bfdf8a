import { remainingLimitSeconds } from '../../census/class-tally.ts';

/**
 * What became of the timers of flows between two readings, by the time that they had left, in spans of 5 s. A timer ran
 * on when no packet renewed it and the flow did not leave before its end.
 */
export interface Outcomes {
  readonly atRisk: Float64Array;
  readonly ranOn: Float64Array;
}

export const outcomeSpanSeconds = 5;
export const outcomeSpans = Math.ceil(remainingLimitSeconds / outcomeSpanSeconds);

export function createOutcomes(): Outcomes {
  return { atRisk: new Float64Array(outcomeSpans), ranOn: new Float64Array(outcomeSpans) };
}

/** The span of a remaining time; undefined for one that is longer than any timer that is followed. */
export function outcomeSpan(remaining: number): number | undefined {
  return remaining < remainingLimitSeconds ? Math.floor(remaining / outcomeSpanSeconds) : undefined;
}

export function addOutcome({ atRisk, ranOn }: Outcomes, span: number, on: number): void {
  atRisk[span] = (atRisk[span] ?? 0) + 1;
  ranOn[span] = (ranOn[span] ?? 0) + on;
}

/** So many of the latest outcomes count in each span. Without new ones the old ones weigh half as much after a time. */
const memory = 100;
const halfLifeSeconds = 300;

/** Adds new outcomes to those known, which make room as far as the new ones need it. */
export function learnOutcomes(known: Outcomes, latest: Outcomes, seconds: number): Outcomes {
  const faded = 2 ** (-seconds / halfLifeSeconds);
  const left = latest.atRisk.map((flows) => faded * Math.max(0, 1 - flows / memory));
  const add = (key: keyof Outcomes) =>
    known[key].map((flows, span) => flows * (left[span] ?? 1) + (latest[key][span] ?? 0));
  return { atRisk: add('atRisk'), ranOn: add('ranOn') };
}

/** What is assumed without an outcome weighs as much as so many of them. */
const beliefWeight = 0.5;

/** By span, the chance that a timer runs on for `intervalSeconds`. @param belief what is assumed where nothing was seen. */
export function chancesToRunOn({ atRisk, ranOn }: Outcomes, belief: number): Float64Array {
  return ranOn.map((flows, span) => (flows + beliefWeight * belief) / ((atRisk[span] ?? 0) + beliefWeight));
}

/** By span, the chance that a timer with so much time left is the flow's last: that it runs out. */
export function chancesToRunOut(toRunOn: Float64Array, intervalSeconds: number): Float64Array {
  const chances = new Float64Array(toRunOn.length);
  for (let span = 0; span < chances.length; span++) {
    const later = spanLater(span, intervalSeconds);
    chances[span] = (toRunOn[span] ?? 0) * (later === undefined ? 1 : (chances[later] ?? 0));
  }
  return chances;
}

/** Where the flows of a span are after the interval; undefined when their time is up. */
function spanLater(span: number, intervalSeconds: number): number | undefined {
  const left = (span + 0.5) * outcomeSpanSeconds - intervalSeconds;
  return left < 0 ? undefined : Math.min(span - 1, Math.floor(left / outcomeSpanSeconds));
}
