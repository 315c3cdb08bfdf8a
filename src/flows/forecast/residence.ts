import { mean, sum } from '../arithmetic.ts';
import { remainingLimitSeconds } from '../census/class-tally.ts';
import type { History } from './history.ts';
import type { Outlook } from './outlook.ts';

/** It takes this long a history and so many flows to tell that flows leave before their time. */
const shortestWatch = 60;
const fewFlows = 200;

/** Flows are taken to stay to the end unless fewer than this share of them is there. */
const nearlyAll = 0.8;

/** Only a flow that is still there at the end is left to the garbage collector. */
const lastSeconds = 10;

/**
 * How long flows of a class stay in the table, in seconds: their timeout and the garbage collector's lag, unless they
 * leave early. A TIME_WAIT entry does when its client uses the port again, a SYN_SENT one when its client sends a RST,
 * and then rate times timeout would be far too much. It shows when fewer entries are there than came while the rate was
 * watched. While the table evicts they leave for another reason, and nothing can be told.
 */
export function residenceSeconds(outlook: Outlook, history: History, lagSeconds: number): number {
  const { timer, timeoutSeconds, perSecond, expiring } = outlook;
  const longest = timeoutSeconds + lagSeconds;
  const watched = Math.min(timeoutSeconds, (history.at(-1)?.atSeconds ?? 0) - (history.at(0)?.atSeconds ?? 0));
  if (timer !== 'once' || perSecond === 0 || watched < shortestWatch || timeoutSeconds > remainingLimitSeconds) {
    return longest;
  }
  if (history.some(({ evicted }) => evicted > 0)) return longest;
  const came = flowsThatCame(history, outlook.key, watched);
  const there = sum(expiring.subarray(timeoutSeconds - watched));
  if (came < fewFlows || there >= nearlyAll * came) return longest;
  const reachTheEnd = Math.min(1, mean([...expiring.subarray(0, lastSeconds)]) / perSecond);
  return (timeoutSeconds * there) / came + lagSeconds * reachTheEnd;
}

/** Each observed rate stands for the time since the observation before. */
function flowsThatCame(history: History, key: string, seconds: number): number {
  const from = (history.at(-1)?.atSeconds ?? 0) - seconds;
  return sum(
    history.map(({ atSeconds, inflows }, index) => {
      const since = Math.max(from, history[index - 1]?.atSeconds ?? atSeconds);
      return Math.max(0, atSeconds - since) * (inflows.get(key) ?? 0);
    }),
  );
}
