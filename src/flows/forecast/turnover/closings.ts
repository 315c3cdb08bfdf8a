import { sum } from '../../arithmetic.ts';
import type { ClassTally } from '../../census/class-tally.ts';
import { classKey } from '../../classification/flow-class.ts';
import type { Turnover } from './turnover.ts';

/** Standard errors by which more must close than open. */
const certainty = 4;

/**
 * The part of the entries that come into a class per second which do not go on to come, 0 to 1: connections that were in
 * use and which no others follow. A server that starts again, or a job that ends, closes all of its connections at once.
 * They were in the table before. As many are expected to go on to close as are opened.
 */
export function movedPart(turnover: Turnover | undefined, tally: ClassTally, perSecond: number): number {
  const latest = [...(turnover?.classes.values() ?? [])].flatMap(({ births }) => births.slice(0, 1));
  const [opened, closed] = [sum(latest.map((births) => births.opened)), sum(latest.map((births) => births.closed))];
  if (closed - opened <= certainty * Math.sqrt(closed + opened)) return 0;
  const [births] = turnover?.classes.get(classKey(tally))?.births ?? [];
  if (births === undefined || births.closed === 0 || perSecond <= 0) return 0;
  const closing = perSecond * (births.closed / births.entered);
  const goesOn = Math.min(closing, births.closed / births.seconds / births.share) * (opened / closed);
  return (closing - goesOn) / perSecond;
}
