import { sum } from '../../arithmetic.ts';
import type { ClassTally } from '../../census/class-tally.ts';
import { classKey } from '../../classification/flow-class.ts';
import type { PolicyTimeouts } from '../../timeouts.ts';
import { latestRate } from '../arrival-rate.ts';
import type { Births } from './births.ts';
import { slackSeconds } from './elapsed.ts';
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
  if (!hasCustom(births)) return undefined;
  return {
    perSecond: perSecond(births, (one) => one.custom),
    timeoutSeconds: Math.max(...births.flatMap(({ customLeft }) => customLeft.slice(0, 1))),
    othersPerSecond: perSecond(births, (one) => one.entered - one.custom),
  };
}

function hasCustom(births: readonly Births[]): boolean {
  const custom = sum(births.map((one) => one.custom));
  return custom >= fewestFlows && custom >= minShare * sum(births.map((one) => one.entered));
}

/** The timers by which flows of the next reading show their age. */
export function policyTimeoutsOf(turnover: Turnover | undefined): PolicyTimeouts {
  const classes = [...(turnover?.classes ?? [])].filter(([, { births }]) => hasCustom(births));
  return new Map(classes.map(([key, { births }]) => [key, separateTimeouts(births)]));
}

/** New flows have up to an interval less than their timeout, which few of them do not make. */
function separateTimeouts(births: readonly Births[]): number[] {
  const width = Math.max(...births.map(({ seconds }) => seconds)) + slackSeconds;
  let left = births.flatMap(({ customLeft }) => customLeft).sort((one, other) => other - one);
  const found: number[] = [];
  while (left.length > 0) {
    const [most = 0] = left;
    const rest = left.filter((seconds) => seconds < most - width);
    if (left.length - rest.length >= fewestFlows) found.push(most);
    left = rest;
  }
  return found;
}

/** The rate of the latest intervals that agree. */
function perSecond(births: readonly Births[], count: (births: Births) => number): number {
  return latestRate(births.map((one) => ({ flows: count(one), seconds: one.seconds * one.share }))).perSecond;
}
