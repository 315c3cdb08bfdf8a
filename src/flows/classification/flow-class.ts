import type { Flow } from '../../identity/flow.ts';
import { protocolName, statesByProtocol } from '../../identity/protocol.ts';

/** What flows are counted by: protocol number, state, and the two flags that decide timeout and eviction. */
export type FlowClass = Pick<Flow, 'protocol' | 'state' | 'replied' | 'assured'>;

/**
 * What a flow's timer shows:
 * - `once`: set on entering the state and not again, so timeout minus remaining time is the time since then;
 * - `renewed`: set again by each packet, so that difference is the time since the last one;
 * - `open`: renewed too, but so long that it shows nothing about when the flow ends.
 */
export type Timer = 'once' | 'renewed' | 'open';

/** The first packet of a connection, unanswered. From Linux 5.15 on, a SYN sent again does not renew it. */
const openingStates: ReadonlyMap<number, string> = new Map([
  [6, 'SYN_SENT'],
  [33, 'REQUEST'],
  [132, 'COOKIE_WAIT'],
]);

/** The state of a flow that only one packet was seen of. */
export function openingState(protocol: number): string {
  return openingStates.get(protocol) ?? '';
}

/** A connection that is over, kept until late packets of it have died. */
const closingStates: ReadonlySet<string> = new Set(['TIME_WAIT', 'CLOSE', 'CLOSED', 'TIMEWAIT']);

/** A connection in use. For TCP five days after its last packet, 300 s while it is unreplied. */
const openStates: ReadonlySet<string> = new Set(['ESTABLISHED', 'OPEN', 'PARTOPEN']);

export function timerOf(flowClass: FlowClass): Timer {
  const { protocol, state, replied } = flowClass;
  if (!hasState(flowClass)) return 'renewed';
  if (state === '' || openStates.has(state)) return 'open';
  if (closingStates.has(state) || (state === openingState(protocol) && !replied)) return 'once';
  return 'renewed';
}

/**
 * Whether the timer of such a flow also counts new flows: the unanswered opening of a connection is a new one, and the
 * end of a two-way connection stands for one, since in the long run as many begin as end. A flow of a protocol without
 * states is new once. The states in between would count a connection twice.
 */
export function countsAsArrival(flowClass: FlowClass): boolean {
  const { protocol, state, replied } = flowClass;
  if (!hasState(flowClass)) return true;
  return replied ? closingStates.has(state) : state === openingState(protocol);
}

/** TCP states that an unreplied flow can only be in when its client went on without an answer being seen. */
export const oneWayStates: readonly string[] = ['ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT'];

/** Every class that a current kernel makes of the protocols that it tracks by name. Assured means replied, except for made-up entries. */
export function knownClasses(): FlowClass[] {
  return knownProtocols.flatMap((protocol) =>
    (statesByProtocol.get(protocol) ?? ['']).flatMap((state) =>
      flagsOfKnownFlows.map((flags) => ({ protocol, state, ...flags })),
    ),
  );
}

/** icmp, tcp, udp, gre, icmpv6, sctp, udplite. */
const knownProtocols = [1, 6, 17, 47, 58, 132, 136];

const flagsOfKnownFlows = [
  { replied: false, assured: false },
  { replied: true, assured: false },
  { replied: true, assured: true },
];

const tcp = 6;

/**
 * Whether the kernel tracks the flow by its state. One without support for SCTP or DCCP, which Linux 6.18 has no more,
 * tracks their flows as those of any other protocol. Support for TCP is always there.
 */
export function hasState({ protocol, state }: Pick<FlowClass, 'protocol' | 'state'>): boolean {
  return statesByProtocol.has(protocol) && (state !== '' || protocol === tcp);
}

/** A text that is the same for flows of one class. */
export function classKey({ protocol, state, replied, assured }: FlowClass): string {
  return `${protocolName(protocol)} ${state} ${replied ? 'replied' : 'unreplied'}${assured ? ' assured' : ''}`;
}
