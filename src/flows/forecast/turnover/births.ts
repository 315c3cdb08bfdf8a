import { type ArrivalRate, latestRate } from '../arrival-rate.ts';
import type { SampledFlow } from './flow-sampler.ts';
import type { Pair } from './pair.ts';

/** New flows of a class, between two readings. */
export interface Births {
  /** Between the readings. */
  readonly seconds: number;
  /** Part of the table that was compared, from 0 to 1. */
  readonly share: number;
  /** New entries of the table. */
  readonly flows: number;
  /** New entries of the class: those of the table, and those that came from another class. */
  readonly entered: number;
  /** Of `entered`, connections that are in use now and were not. */
  readonly opened: number;
  /** Of `entered`, connections that were in use and are no more. */
  readonly closed: number;
  /** Of those that closed, the ones that had been in use for `longSeconds`. */
  readonly longClosed: number;
  /** Connections of the class that have been in use for so long, and still are. */
  readonly longOpen: number;
  /** Of `entered`, those with a timer that no setting explains. */
  readonly custom: number;
  /** The seconds left of `custom`, rounded up: the most first. */
  readonly customLeft: readonly number[];
}

/** Connections that were in use for so long need as long again to follow others. */
export const longSeconds = 60;

export function birthsOf(flows: readonly SampledFlow[], { seconds, share }: Pair): Births {
  const entered = flows.filter((flow) => flow.entered);
  const custom = entered.filter((flow) => flow.custom);
  return {
    seconds,
    share,
    flows: flows.filter((flow) => flow.isNew).length,
    entered: entered.length,
    opened: entered.filter((flow) => flow.opened).length,
    closed: entered.filter((flow) => flow.closed).length,
    longClosed: flows.filter((flow) => flow.closed && flow.openSeconds >= longSeconds).length,
    longOpen: flows.filter((flow) => flow.isOpen && flow.openSeconds >= longSeconds).length,
    custom: custom.length,
    customLeft: custom.map(({ remaining }) => remaining + 1).sort((one, other) => other - one),
  };
}

/** New entries of the table per second: those of the latest intervals that agree. Undefined when none was compared. */
export function birthRate(births: readonly Births[]): ArrivalRate | undefined {
  if (births.length === 0) return undefined;
  return latestRate(births.map(({ flows, seconds, share }) => ({ flows, seconds: seconds * share })));
}
