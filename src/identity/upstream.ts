/**
 * How long, in seconds, a flow stays in the table of a stateful hop that sees no reply to it, with the default timers: a
 * SYN's 120 s or a datagram's 30 s, and up to 60 s until the garbage collector passes. A director cannot ask the hop for
 * its settings.
 */
export const upstreamStaySeconds = { tcp: 180, udp: 90 } as const;

/** How real servers are reached that answer past the director, and past the hop before it. */
export const pastForwards: readonly string[] = ['direct', 'tunnel'];

export function answersPastDirector(forward: string): boolean {
  return pastForwards.includes(forward);
}
