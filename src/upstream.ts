/**
 * How long, in seconds, a flow stays in the table of a stateful hop that sees no reply to it, with the default timers: a
 * SYN's 120 s or a datagram's 30 s, and up to 60 s until the garbage collector passes. A director cannot ask the hop for
 * its settings.
 */
export const upstreamStaySeconds = { tcp: 180, udp: 90 } as const;

/** Whether real servers that are reached like this answer past the director, and past the hop before it. */
export function answersPastDirector(forward: string): boolean {
  return forward === 'direct' || forward === 'tunnel';
}
