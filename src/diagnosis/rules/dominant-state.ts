import { conntrackTimeoutSeconds } from '../../collectors/conntrack-metrics.ts';
import { sum } from '../../flows/arithmetic.ts';
import { listStates } from '../../readings/holders.ts';
import { known } from '../../readings/known.ts';
import type { Readings } from '../../readings/readings.ts';
import type { DominantState } from '../facts.ts';

/** Less than this part of the table, and its timer decides nothing. */
const leastShare = 0.5;

/** The state that most entries are in. */
export function findDominantState(readings: Readings): DominantState | undefined {
  const states = listStates(readings);
  const [largest] = states;
  if (largest === undefined || largest.entries < leastShare * sum(states.map(({ entries }) => entries))) {
    return undefined;
  }
  const { protocol, state, entries } = largest;
  const timerSeconds = readings.value(conntrackTimeoutSeconds, { protocol, state: state.toLowerCase() });
  return { protocol, state, numbers: { presentEntries: entries, ...known({ timerSeconds }) } };
}
