import type { FlowTarget } from '../census/destination-key.ts';
import { type Evidence, fewNewFlows } from './evidence.ts';
import { notableFlows, notableTableShare, pick, type Threshold } from './hysteresis.ts';
import type { Verdict } from './verdict-kinds.ts';

/** Result of one scan. `undecided`: one-way, and nothing in this scan shows the kind. */
export interface Opinion {
  readonly verdict: Verdict | 'none' | 'undecided';
  readonly ground: Ground;
}

/** What decided it. */
export type Ground =
  | 'little evidence'
  | 'mostly replied'
  | 'mixed'
  | 'group address'
  | 'translated'
  | 'unconfirmed handshakes'
  | 'idle timers'
  | 'one-sided states'
  | 'invalid packets'
  | 'no invalid packets'
  | 'distinct sources'
  | 'known virtual server'
  | 'no further evidence';

const oneWayShare: Threshold = { enter: 0.9, stay: 0.8 };
/** A healthy service has a few percent: connections that are just being opened, to servers that are down. */
const twoWayShare: Threshold = { enter: 0.3, stay: 0.5 };

/** Of a healthy service, a handshake takes one round trip out of the life of a connection. */
const unconfirmedShare: Threshold = { enter: 0.5, stay: 0.3 };
const idleShare: Threshold = { enter: 0.5, stay: 0.3 };
/** One address is translated for all of its flows, or for none, unless a rule has just changed. */
const mostlyTranslated = 0.5;

/** Flows that show a client going on without an answer: a few may be left from before a flush of the table. */
const fewOneSided = 10;

/**
 * A client that was answered past this machine sends at least an ACK and a FIN or RST more, each INVALID: 2 and up. A
 * flow that was never answered sends none; other traffic of the machine adds some to both.
 */
const invalidIfAnswered = 1.5;
const invalidIfUnanswered = 0.5;

/** The share in new one-way flows from which on invalid packets are an address's own. */
const nearlyAll = 0.8;

/** Distinct sources per flow from which on they count as invented ones, with 13 % error of the estimate, and how many. */
const mostlyDistinct = 0.8;
const manySources = 50;

/** A service that stops answering goes on being asked as often as before; a flood is more than that. */
const floodFactor = 3;

/**
 * @param standing the verdict that now stands.
 * @param twoWayPerSecond arrivals when the destination was last seen to answer; undefined if it never was.
 */
export function formOpinion(
  destination: FlowTarget,
  evidence: Evidence,
  standing: Verdict | 'none',
  twoWayPerSecond: number | undefined,
): Opinion {
  const isKnown = standing !== 'none';
  const { counted, tableShare, unrepliedShare } = evidence;
  if (counted < pick(notableFlows, isKnown) || tableShare < pick(notableTableShare, isKnown)) {
    return { verdict: 'none', ground: 'little evidence' };
  }
  if (evidence.isAging && evidence.idleShare >= pick(idleShare, standing === 'dead_connections'))
    return { verdict: 'dead_connections', ground: 'idle timers' };
  if (evidence.unconfirmedShare >= pick(unconfirmedShare, standing === 'answered_syn_flood'))
    return { verdict: 'answered_syn_flood', ground: 'unconfirmed handshakes' };
  const isOneWay = isKnown && !repliedVerdicts.has(standing);
  if (unrepliedShare >= pick(oneWayShare, isOneWay)) return judgeOneWay(destination, evidence, twoWayPerSecond);
  if (unrepliedShare <= pick(twoWayShare, standing === 'two_way'))
    return { verdict: 'two_way', ground: 'mostly replied' };
  return judgeMixed(destination, evidence);
}

/**
 * Two routers may share the load: the replies to some clients bypass this one, which shows as it does for all clients of a
 * destination. Anything else that is unanswered for some is not one thing.
 */
function judgeMixed({ protocol }: FlowTarget, evidence: Evidence): Opinion {
  const { translatedShare, invalidPerNewOneWayFlow = 0, shareOfOneWayFlows = 0 } = evidence;
  const isMixed: Opinion = { verdict: 'none', ground: 'mixed' };
  if (protocol !== 'tcp' || translatedShare >= mostlyTranslated) return isMixed;
  if (closedOneWay(evidence)) return { verdict: 'direct_return', ground: 'one-sided states' };
  return invalidPerNewOneWayFlow >= invalidIfAnswered && shareOfOneWayFlows >= nearlyAll
    ? { verdict: 'direct_return', ground: 'invalid packets' }
    : isMixed;
}

/** Clients that close a connection were answered. */
function closedOneWay({ oneWay, oneWayStates }: Evidence): boolean {
  return oneWay >= fewOneSided && oneWayStates.some((state) => state !== 'ESTABLISHED');
}

/** Those of flows that are replied. */
const repliedVerdicts: ReadonlySet<Verdict> = new Set(['two_way', 'answered_syn_flood', 'dead_connections']);

function judgeOneWay(destination: FlowTarget, evidence: Evidence, twoWayPerSecond: number | undefined): Opinion {
  if (evidence.translatedShare >= mostlyTranslated) return judgeTranslated(destination, evidence, twoWayPerSecond);
  if (destination.protocol !== 'tcp') return judgeOneWayDatagrams(destination, evidence);
  if (wentOn(evidence)) return { verdict: 'direct_return', ground: 'one-sided states' };
  const { newFlows, invalidPerNewFlow } = evidence;
  if (newFlows === undefined || invalidPerNewFlow === undefined || newFlows < fewNewFlows) return undecided(evidence);
  if (invalidPerNewFlow < invalidIfUnanswered) return judgeUnanswered(evidence, twoWayPerSecond);
  return ownsInvalidPackets(evidence) ? { verdict: 'direct_return', ground: 'invalid packets' } : undecided(evidence);
}

/**
 * A client would not accept replies that bypass this machine: they come from another address than it asked. So these
 * flows are not answered, or the answers are lost. Behind NAT a service that is down is the usual cause: only one that
 * answered before, and is asked much more now, is under attack.
 */
function judgeTranslated({ protocol }: FlowTarget, evidence: Evidence, twoWayPerSecond: number | undefined): Opinion {
  const wasAnswered = twoWayPerSecond !== undefined;
  return protocol === 'tcp' && wasAnswered && isFlood(evidence, twoWayPerSecond)
    ? { verdict: 'syn_flood', ground: 'distinct sources' }
    : { verdict: 'unanswered_nat', ground: 'translated' };
}

/**
 * UDP does not show: nothing in it is INVALID, and a log or statistics sender that expects no answer looks the same as
 * a client that is answered past this machine. A group cannot answer from its own address.
 */
function judgeOneWayDatagrams({ address }: FlowTarget, { isDirectReturnServer }: Evidence): Opinion {
  if (isDirectReturnServer) return { verdict: 'direct_return', ground: 'known virtual server' };
  if (isGroupAddress(address)) return { verdict: 'none', ground: 'group address' };
  return { verdict: 'unanswered', ground: 'no further evidence' };
}

/** IPv4 multicast and broadcast, 224.0.0.0 and up; IPv6 multicast, ff00::/8. */
function isGroupAddress(address: string): boolean {
  return address.includes(':') ? /^ff..:/.test(address) : Number.parseInt(address, 10) >= 224;
}

/**
 * A client that closes a connection was answered. ESTABLISHED alone may also be a flood of ACKs, each of which begins
 * an entry with nf_conntrack_tcp_loose=1, so it only counts when the sources are not invented.
 */
function wentOn(evidence: Evidence): boolean {
  const { oneWay, sourcesPerFlow } = evidence;
  return closedOneWay(evidence) || (oneWay >= fewOneSided && sourcesPerFlow < mostlyDistinct);
}

function judgeUnanswered(evidence: Evidence, twoWayPerSecond: number | undefined): Opinion {
  return isFlood(evidence, twoWayPerSecond)
    ? { verdict: 'syn_flood', ground: 'distinct sources' }
    : { verdict: 'unanswered', ground: 'no invalid packets' };
}

/** Whether a one-way destination gets more than it used to, from addresses that look invented. */
function isFlood(
  { arrivalsPerSecond, sources, sourcesPerFlow }: Evidence,
  twoWayPerSecond: number | undefined,
): boolean {
  const isMore = twoWayPerSecond === undefined || arrivalsPerSecond > floodFactor * twoWayPerSecond;
  return isMore && sources >= manySources && sourcesPerFlow >= mostlyDistinct;
}

function ownsInvalidPackets({ invalidPerNewFlowOfAddress = 0, addressShareOfNewFlows = 0 }: Evidence): boolean {
  return invalidPerNewFlowOfAddress >= invalidIfAnswered && addressShareOfNewFlows >= nearlyAll;
}

function undecided({ isDirectReturnServer }: Evidence): Opinion {
  return isDirectReturnServer
    ? { verdict: 'direct_return', ground: 'known virtual server' }
    : { verdict: 'undecided', ground: 'no further evidence' };
}
