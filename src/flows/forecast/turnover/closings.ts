import { sum } from '../../arithmetic.ts';
import type { ClassTally } from '../../census/class-tally.ts';
import { classKey } from '../../classification/flow-class.ts';
import { type Births, longSeconds } from './births.ts';
import type { Turnover } from './turnover.ts';

/** Standard errors by which more must close than are expected to. */
const certainty = 4;

/**
 * The part of the entries that come into a class per second which do not go on to come, 0 to 1: connections that were in
 * use, and were in the table before. A server that starts again, or a job that ends, closes all of its connections at
 * once. If fewer are opened, as many are expected to go on to close as are opened. If others are opened instead, those
 * that had long been in use go on to close as before, or as many as there still are in the time that others need.
 */
export function movedPart(turnover: Turnover | undefined, tally: ClassTally, perSecond: number): number {
  const [births] = turnover?.classes.get(classKey(tally))?.births ?? [];
  if (turnover === undefined || births === undefined || births.closed === 0 || perSecond <= 0) return 0;
  const long = longFollowedPart(turnover, births.seconds);
  const all = followedPart(turnover, long);
  if (long * all === 1) return 0;
  return (
    movedOf(births, perSecond, births.longClosed, long * all) +
    movedOf(births, perSecond, births.closed - births.longClosed, all)
  );
}

/** How many go on to close of those that had long been in use, over those that did. */
function longFollowedPart(turnover: Turnover, seconds: number): number {
  const closed = count(turnover, 0, 'longClosed');
  const left = (count(turnover, 0, 'longOpen') * seconds) / longSeconds;
  const goOn = Math.max(count(turnover, 1, 'longClosed'), left);
  return isMore(closed, goOn) ? goOn / closed : 1;
}

/** The same for all: as many as opened. */
function followedPart(turnover: Turnover, long: number): number {
  const [opened, closed] = [count(turnover, 0, 'opened'), count(turnover, 0, 'closed')];
  const goOn = closed - count(turnover, 0, 'longClosed') * (1 - long);
  return isMore(goOn, opened) ? opened / goOn : 1;
}

/** Flows followed in all classes, of the latest interval or of the one before. */
function count({ classes }: Turnover, interval: 0 | 1, what: 'opened' | 'closed' | 'longClosed' | 'longOpen'): number {
  return sum([...classes.values()].map(({ births }) => births[interval]?.[what] ?? 0));
}

function isMore(one: number, other: number): boolean {
  return one - other > certainty * Math.sqrt(one + other);
}

/** Those that closed come on average as they did since the reading before, times the part of them that goes on to. */
function movedOf({ entered, seconds, share }: Births, perSecond: number, closed: number, followed: number): number {
  const closing = perSecond * (closed / entered);
  return (closing - Math.min(closing, closed / seconds / share) * followed) / perSecond;
}
