import type { ClassTally } from '../../census/class-tally.ts';
import { slackSeconds } from './elapsed.ts';
import type { SampledFlow } from './flow-sampler.ts';
import { isCovered, type Pair } from './pair.ts';

/** Fills in what the previous reading has about a flow. */
export function follow(key: number, flow: SampledFlow, tally: ClassTally | undefined, pair: Pair | undefined): void {
  const timeout = tally?.timeoutSeconds;
  const before = pair?.past.sample.flows.get(key);
  flow.fresh = isFresh(flow, timeout);
  flow.custom = timeout !== undefined && flow.remaining > timeout && Number.isFinite(flow.remaining);
  if (pair === undefined) return;
  if (before?.isOpen) flow.openSeconds = before.openSeconds + (flow.isOpen ? pair.seconds : 0);
  if (before?.classKey === flow.classKey) {
    flow.fresh ??= ranOn(before, flow, pair.seconds) && before.fresh;
    flow.custom ||= before.custom;
    return;
  }
  flow.isNew = before === undefined && isCovered(key, flow, pair);
  flow.entered = flow.isNew || before !== undefined;
  flow.opened = flow.entered && flow.isOpen && before?.isOpen !== true;
  flow.closed = !flow.isOpen && before?.isOpen === true;
  flow.fresh ??= flow.entered || undefined;
  flow.custom ||= flow.entered && !isExplained(flow, tally, pair);
}

/** With stamps or counters of packets it is known after one reading. */
function isFresh({ remaining, ageSeconds, originalPackets }: SampledFlow, timeout: number | undefined) {
  if (ageSeconds !== undefined && timeout !== undefined) return ageSeconds <= timeout - remaining + slackSeconds;
  return originalPackets === undefined ? undefined : originalPackets <= 1;
}

export function ranOn(before: SampledFlow, now: SampledFlow, seconds: number): boolean {
  return before.classKey === now.classKey && Math.abs(now.remaining - (before.remaining - seconds)) <= slackSeconds;
}

/** A new flow's timer was set within the interval, to the timeout of its class or one of those that TCP lowers it to. */
function isExplained({ remaining }: SampledFlow, tally: ClassTally | undefined, { seconds, timeouts }: Pair): boolean {
  if (!Number.isFinite(remaining) || tally?.timeoutSeconds === undefined) return true;
  const lowered = tally.protocol === 6 ? loweredTo.flatMap((name) => timeouts.get(name) ?? []) : [];
  return [tally.timeoutSeconds, ...lowered].some(
    (timeout) => remaining <= timeout && remaining >= timeout - seconds - slackSeconds,
  );
}

/** nf_conntrack_tcp_packet(): data that is not acknowledged, or is sent again. */
const loweredTo = ['nf_conntrack_tcp_timeout_unacknowledged', 'nf_conntrack_tcp_timeout_max_retrans'];
