import type { FlowSample } from './flow-sampler.ts';

/** The kernel rounds down, and a reading takes time. */
export const slackSeconds = 2;

/** Fewer timers are not used as a clock. */
const fewestTimers = 10;

/** Seconds by which the timers of the same moment differ. */
const sameMoment = 1;

/**
 * Seconds between two readings, from the timers that are set once where they differ from the clock: a recording returns
 * the same reading several times, a scan may pause before it reads, and a virtual machine may have been paused.
 */
export function secondsBetween(past: FlowSample, now: FlowSample, byClock: number): number {
  const passed = [...now.flows]
    .flatMap(([key, flow]) => {
      const before = past.flows.get(key);
      return flow.setOnce && before?.classKey === flow.classKey ? [before.remaining - flow.remaining] : [];
    })
    .sort((one, other) => one - other);
  const median = passed[passed.length >> 1] ?? byClock;
  const agreeing = passed.filter((seconds) => Math.abs(seconds - median) <= sameMoment).length;
  const isClock = passed.length >= fewestTimers && 2 * agreeing > passed.length;
  return isClock && Math.abs(median - byClock) > slackSeconds ? median : byClock;
}
