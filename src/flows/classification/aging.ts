import { protocolName } from '../../identity/protocol.ts';
import type { Census } from '../census/census.ts';
import type { DestinationTally } from '../census/destination-tally.ts';

/** The most time that an idle flow had left at some scan, and how long ago that scan was. */
export interface IdleMark {
  readonly secondsLeft: number;
  readonly ageSeconds: number;
}

/** Part of the passing time by which the time left must fall. A sample does not always meet the same flow. */
const minFall = 0.5;

/** A mark is renewed after so long, so that it describes the present flows. */
const maxMarkSeconds = 600;

/** An idle flow with nearly as much time left as one that is not has just become idle: some more do all the time. */
const justIdleSeconds = 60;

/**
 * Whether the idle flows of a destination really age: the most time that one of them has left falls as time passes, or
 * is that of a flow that has just become idle.
 */
export function isAging(census: Census, destination: DestinationTally, mark: IdleMark | undefined): boolean {
  const { idle, idleSeconds } = destination;
  if (idle === 0) return false;
  if (idleSeconds >= idleBelow(census, destination) - justIdleSeconds) return true;
  return mark !== undefined && idleSeconds <= mark.secondsLeft - minFall * mark.ageSeconds;
}

function idleBelow({ classes }: Census, { protocol }: DestinationTally): number {
  const own = classes.filter((one) => protocolName(one.protocol) === protocol);
  return Math.max(0, ...own.map(({ idleBelowSeconds }) => idleBelowSeconds));
}

/** The mark for the next scan. One that a flow has more time left than begins again. */
export function moveMark(mark: IdleMark | undefined, { idle, idleSeconds }: DestinationTally): IdleMark | undefined {
  if (idle === 0) return undefined;
  const isKept = mark !== undefined && idleSeconds <= mark.secondsLeft && mark.ageSeconds < maxMarkSeconds;
  return isKept ? mark : { secondsLeft: idleSeconds, ageSeconds: 0 };
}
