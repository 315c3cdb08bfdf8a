import {
  endingColumn,
  endingSpans,
  olderTimeoutColumn,
  sinceColumn,
  sinceSpans,
  spanSeconds,
} from './arrival-columns.ts';

/** New flows per second, with the standard error of having counted few. */
export interface ArrivalRate {
  readonly perSecond: number;
  readonly standardError: number;
}

/** The latest rate of flows that are given by spans of time, the latest first. */
export function latestRate(spans: readonly Span[]): ArrivalRate {
  return rateOf(steady(spans));
}

/** Flows that began, or fell silent, within a stretch of time. */
export interface Span {
  readonly flows: number;
  readonly seconds: number;
}

/** A rate is averaged over so many seconds, less where it changed, more while so few flows were counted. */
const windowSeconds = 30;
const fewFlows = 100;

/**
 * Estimates arrivals from the columns of arrival-columns.ts, by the flows read.
 *
 * @param horizonSeconds the shortest timeout of the flows counted: beyond it, those that came earlier are gone.
 */
export function estimateRate(arrivals: Uint32Array, horizonSeconds: number): ArrivalRate {
  const began = spansOf(arrivals, sinceColumn, sinceSpans, horizonSeconds).map(withoutOlder(arrivals));
  const ending = spansOf(arrivals, endingColumn, endingSpans, horizonSeconds);
  const windows = [steady(began), steady(ending)];
  const found = windows.filter(({ flows }) => flows > 0);
  return addRates((found.length > 0 ? found : windows.slice(0, 1)).map(rateOf));
}

function spansOf(arrivals: Uint32Array, first: number, count: number, horizonSeconds: number): Span[] {
  const spans = Array.from(arrivals.subarray(first, first + count), (flows, index) => ({
    flows,
    seconds: Math.min(spanSeconds, horizonSeconds - index * spanSeconds),
  }));
  return spans.filter(({ seconds }) => seconds >= 1);
}

/**
 * A timeout that was lowered goes for new flows alone. The flows before are spread evenly over the remaining times, so
 * those with a little more left than is possible now show how many there are among the seemingly young.
 */
function withoutOlder(arrivals: Uint32Array): (span: Span) => Span {
  const older = arrivals[olderTimeoutColumn] ?? 0;
  return ({ flows, seconds }) => ({ flows: Math.max(0, flows - (older * seconds) / spanSeconds), seconds });
}

/** The latest time during which the rate was one and the same, see `windowSeconds`. */
function steady([latest = nothing, ...earlier]: readonly Span[]): Span {
  let window = latest;
  for (const span of earlier) {
    const enough = window.seconds >= windowSeconds && window.flows >= fewFlows;
    if (enough || !agrees(span, window)) break;
    window = join(window, span);
  }
  return window;
}

const nothing: Span = { flows: 0, seconds: 0 };

/**
 * Standard errors that distinguish a change from chance, and the relative change that is let pass however many were counted.
 * To see a change where there is none only makes the window shorter, so it does not take much.
 */
const surprise = 2.5;
const smallChange = 0.1;

function agrees(span: Span, window: Span): boolean {
  const expected = perSecond(window) * span.seconds;
  const chance = surprise * Math.sqrt(1 + expected * (1 + span.seconds / window.seconds));
  return Math.abs(span.flows - expected) <= Math.max(chance, smallChange * expected);
}

function join(a: Span, b: Span): Span {
  return { flows: a.flows + b.flows, seconds: a.seconds + b.seconds };
}

function perSecond({ flows, seconds }: Span): number {
  return seconds > 0 ? flows / seconds : 0;
}

/** Poisson: the error of a count is its square root. That of 0 is taken as 1. */
function rateOf(span: Span): ArrivalRate {
  return {
    perSecond: perSecond(span),
    standardError: perSecond({ ...span, flows: Math.sqrt(Math.max(1, span.flows)) }),
  };
}

export function addRates(rates: readonly ArrivalRate[]): ArrivalRate {
  return {
    perSecond: rates.reduce((total, rate) => total + rate.perSecond, 0),
    standardError: Math.hypot(...rates.map((rate) => rate.standardError)),
  };
}

/** Flows read that began within the last so many seconds, 60 at most. Flows whose timer is renewed are not among them. */
export function countSince(arrivals: Uint32Array, seconds: number): number {
  return spansOf(arrivals, sinceColumn, sinceSpans, Number.POSITIVE_INFINITY)
    .map(withoutOlder(arrivals))
    .reduce((total, { flows }, index) => total + flows * covered(seconds, index), 0);
}

/** How much of a span the last so many seconds cover, 0 to 1. */
function covered(seconds: number, index: number): number {
  return Math.min(1, Math.max(0, seconds / spanSeconds - index));
}
