import { groupBy } from '../../identity/group-by.ts';
import { protocolName } from '../../identity/protocol.ts';
import type { Census } from '../census/census.ts';
import type { ClassTally } from '../census/class-tally.ts';
import type { DestinationTally } from '../census/destination-tally.ts';
import type { SourceTally } from '../census/source-tally.ts';
import type { ZoneTally } from '../census/zone-table.ts';
import { classKey } from '../classification/flow-class.ts';
import { type ArrivalRate, addRates, estimateRate } from './arrival-rate.ts';
import { birthRate } from './turnover/births.ts';
import { customTimerOf } from './turnover/custom-timer.ts';
import type { Turnover } from './turnover/turnover.ts';

/** New flows of one kind. For TCP, replied ones are counted as they end, unless the kernel stamps flows with their time. */
export interface Arrivals extends ArrivalRate {
  readonly protocol: string;
  readonly replied: boolean;
}

/**
 * Arrivals by protocol and whether replied, for each that the table has flows of.
 *
 * @param turnover which flows were not there in the reading before; without it, flows whose timer packets renew are
 * counted as they end.
 */
export function estimateArrivals(census: Census, turnover?: Turnover): Arrivals[] {
  const groups = groupBy(census.classes, ({ protocol, replied }) => `${protocol} ${replied}`);
  return [...groups.values()].flatMap((tallies) => {
    const [first] = tallies;
    if (first === undefined) return [];
    const rate = addRates(tallies.map((tally) => classArrivals(census, tally, turnover)));
    return [{ protocol: protocolName(first.protocol), replied: first.replied, ...rate }];
  });
}

/** Arrivals of one class. 0 for one that is not counted by, see `countsAsArrival`. */
export function classArrivals(census: Census, tally: ClassTally, turnover?: Turnover): ArrivalRate {
  const { arrivals, timeoutSeconds, countsAsArrival } = tally;
  const timed = toTable(census, estimateRate(arrivals, timeoutSeconds ?? Number.POSITIVE_INFINITY));
  const births = countsAsArrival ? birthRate(turnover?.classes.get(classKey(tally))?.births ?? []) : undefined;
  if (births === undefined) return timed;
  return tally.timer === 'renewed' || customTimerOf(turnover, tally) !== undefined ? births : timed;
}

/** Arrivals at one destination, replied or not. */
export function destinationArrivals(census: Census, { arrivals, horizonSeconds }: DestinationTally): ArrivalRate {
  return toTable(census, estimateRate(arrivals, horizonSeconds));
}

/** Arrivals in one zone, of all protocols, replied or not. */
export function zoneArrivals(census: Census, { arrivals }: ZoneTally): ArrivalRate {
  return toTable(census, estimateRate(arrivals, census.horizonSeconds));
}

/** Arrivals from one source, of all protocols, replied or not. */
export function sourceArrivals(census: Census, { arrivals, horizonSeconds }: SourceTally): ArrivalRate {
  return toTable(census, estimateRate(arrivals, horizonSeconds), census.sourceScale);
}

/** Scales a rate from the flows read to the table. The number of live entries, where it is not certain, adds its error. */
function toTable(
  { scale: ofTable, live }: Census,
  { perSecond, standardError }: ArrivalRate,
  scale = ofTable,
): ArrivalRate {
  const uncertainty = live.estimate > 0 ? (live.atMost - live.atLeast) / Math.sqrt(12) / live.estimate : 0;
  const scaled = perSecond * scale;
  return { perSecond: scaled, standardError: Math.hypot(standardError * scale, scaled * uncertainty) };
}
