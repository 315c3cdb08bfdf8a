import type { Flow } from '../../identity/flow.ts';
import { statesByProtocol } from '../../identity/protocol.ts';
import {
  classKey,
  countsAsArrival,
  type FlowClass,
  oneWayStates,
  type Timer,
  timerOf,
} from '../classification/flow-class.ts';
import {
  columnByAge,
  columnByEnding,
  columnByTimer,
  columns,
  noColumn,
  spanSeconds,
} from '../forecast/arrival-columns.ts';
import { noPolicies, type PolicyTimeouts, type Timeouts, timeoutSeconds } from '../timeouts.ts';

/**
 * Remaining times of at least this many seconds are counted together: a little more than an hour, which kube-proxy sets
 * for CLOSE_WAIT and administrators for idle connections.
 */
export const remainingLimitSeconds = 3660;

/** The flows counted of one class. */
export interface ClassTally extends FlowClass {
  readonly timer: Timer;
  readonly timeoutSeconds: number | undefined;
  /** `timeoutSeconds` and those of timeout policies, the shortest first. Undefined without policies. */
  readonly policySeconds: readonly number[] | undefined;
  readonly countsAsArrival: boolean;
  /** 1 for an unreplied flow that went on, as a bit for its state in `oneWayStates`; 0 otherwise. */
  readonly oneWayBit: number;
  /** TCP in SYN_RECV: answered, and not confirmed by its client. */
  readonly isUnconfirmed: boolean;
  /** The kernel's number of the state; 0 for a protocol without states. */
  readonly stateNumber: number;
  /** A flow with less time left is idle: it has used half of a long timer, or a day of it, since its last packet. 0: no long timer. */
  readonly idleBelowSeconds: number;
  entries: number;
  /** Those with less than `idleBelowSeconds` left. */
  idle: number;
  /** The most time that one of them has left. */
  longestSeconds: number;
  /** Flows by whole seconds left; those with `remainingLimitSeconds` or more are in the last one. */
  readonly remaining: Uint32Array;
  /** See arrival-columns.ts. */
  readonly arrivals: Uint32Array;
}

export interface ClassTallies {
  find(flow: FlowClass): ClassTally;
  list(): readonly ClassTally[];
}

/** Classes as they are met. Their number is bounded by the kernel's: states of three protocols, and 256 protocols. */
export function createClassTallies(timeouts: Timeouts, policies: PolicyTimeouts = noPolicies): ClassTallies {
  const all: ClassTally[] = [];
  const byProtocol: (Map<string, (ClassTally | undefined)[]> | undefined)[] = [];

  function find(flow: FlowClass): ClassTally {
    const flags = (flow.replied ? 1 : 0) + (flow.assured ? 2 : 0);
    return byProtocol[flow.protocol]?.get(flow.state)?.[flags] ?? begin(flow, flags);
  }

  function begin({ protocol, state, replied, assured }: FlowClass, flags: number): ClassTally {
    const tally = createTally({ protocol, state, replied, assured }, timeouts, policies);
    const byState = byProtocol[protocol] ?? new Map<string, (ClassTally | undefined)[]>();
    const byFlags = byState.get(state) ?? [undefined, undefined, undefined, undefined];
    byFlags[flags] = tally;
    byProtocol[protocol] = byState.set(state, byFlags);
    all.push(tally);
    return tally;
  }

  return { find, list: () => all };
}

function createTally(flowClass: FlowClass, timeouts: Timeouts, policies: PolicyTimeouts): ClassTally {
  const timeout = timeoutSeconds(timeouts, flowClass);
  const custom = policies.get(classKey(flowClass));
  return {
    ...flowClass,
    timer: timerOf(flowClass),
    timeoutSeconds: timeout,
    policySeconds: custom && [...custom, ...(timeout === undefined ? [] : [timeout])].sort((one, other) => one - other),
    countsAsArrival: countsAsArrival(flowClass),
    oneWayBit: oneWayBit(flowClass),
    isUnconfirmed: flowClass.state === 'SYN_RECV',
    stateNumber: Math.max(0, statesByProtocol.get(flowClass.protocol)?.indexOf(flowClass.state) ?? 0),
    idleBelowSeconds: idleBelow(flowClass, timeouts),
    entries: 0,
    idle: 0,
    longestSeconds: 0,
    remaining: new Uint32Array(remainingLimitSeconds + 1),
    arrivals: new Uint32Array(columns),
  };
}

function oneWayBit({ protocol, state, replied }: FlowClass): number {
  const index = oneWayStates.indexOf(state);
  return protocol === 6 && !replied && index >= 0 ? 1 << index : 0;
}

/** A timer of at least this many seconds is meant for connections that pause, not for packets that are under way. */
const longTimerSeconds = 3600;

/** A connection without a packet for half of such a timer, or for a day, is idle: keepalives of Linux come every two hours. */
const longSilenceSeconds = 86_400;

function idleBelow(flowClass: FlowClass, timeouts: Timeouts): number {
  const timeout = timeoutSeconds(timeouts, flowClass) ?? 0;
  const isLong = flowClass.replied && timerOf(flowClass) !== 'once' && timeout >= longTimerSeconds;
  return isLong ? Math.max(timeout / 2, timeout - longSilenceSeconds) : 0;
}

/** Counts one flow and returns in which column of arrivals. */
export function addToClass(tally: ClassTally, { remainingSeconds, ageSeconds }: Flow): number {
  tally.entries++;
  if (remainingSeconds !== undefined) addRemaining(tally, remainingSeconds);
  const column = columnOf(tally, remainingSeconds, ageSeconds);
  bump(tally.arrivals, column);
  return column;
}

function addRemaining(tally: ClassTally, seconds: number): void {
  bump(tally.remaining, Math.min(seconds, remainingLimitSeconds));
  if (seconds < tally.idleBelowSeconds) tally.idle++;
  if (seconds > tally.longestSeconds) tally.longestSeconds = seconds;
}

function columnOf(tally: ClassTally, remaining: number | undefined, age: number | undefined): number {
  if (age !== undefined) return columnByAge(age);
  const timeout = tally.timeoutSeconds;
  if (!tally.countsAsArrival || timeout === undefined || remaining === undefined) return noColumn;
  if (tally.timer !== 'once') return columnByEnding(remaining);
  return columnByTimer((tally.policySeconds ? nearestAbove(tally.policySeconds, remaining) : timeout) - remaining);
}

/** Older flows of a longer timer count as young ones of a shorter: `olderTimeoutColumn` takes them out again. */
function nearestAbove(timeouts: readonly number[], remaining: number): number {
  return timeouts.find((timeout) => remaining < timeout + spanSeconds) ?? 0;
}

function bump(counts: Uint32Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
