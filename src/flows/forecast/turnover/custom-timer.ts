import { sum } from '../../arithmetic.ts';
import type { ClassTally } from '../../census/class-tally.ts';
import { classKey } from '../../classification/flow-class.ts';
import { latestRate } from '../arrival-rate.ts';
import type { Births } from './births.ts';
import type { Turnover } from './turnover.ts';

/** A timer that no setting of the kernel explains: that of a timeout policy (nft `ct timeout`, xt_CT `--timeout`). */
export interface CustomTimer {
  /** New entries of the table under it. */
  readonly perSecond: number;
  readonly timeoutSeconds: number;
  /** New entries of the class under the kernel's own timer. */
  readonly othersPerSecond: number;
}

/** So many new flows, and such a part of them, are no accident: entries made by hand or by a cluster have any timer. */
const fewestFlows = 3;
const minShare = 0.05;

/** Undefined unless new flows of the class have one. */
export function customTimerOf(turnover: Turnover | undefined, tally: ClassTally): CustomTimer | undefined {
  const births = turnover?.classes.get(classKey(tally))?.births ?? [];
  const custom = sum(births.map((one) => one.custom));
  const entered = sum(births.map((one) => one.entered));
  if (custom < fewestFlows || custom < minShare * entered) return undefined;
  return {
    perSecond: perSecond(births, (one) => one.custom),
    timeoutSeconds: Math.max(...births.map(({ customSeconds }) => customSeconds)),
    othersPerSecond: perSecond(births, (one) => one.entered - one.custom),
  };
}

/** The rate of the latest intervals that agree. */
function perSecond(births: readonly Births[], count: (births: Births) => number): number {
  return latestRate(births.map((one) => ({ flows: count(one), seconds: one.seconds * one.share }))).perSecond;
}
