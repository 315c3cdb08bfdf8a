/** New connections of one kind, as a stateful hop sees them. */
export interface Load {
  readonly protocol: 'tcp' | 'udp';
  /** `half`: the answers pass the hop by. `both`: they come back through it. */
  readonly seen: 'half' | 'both';
  readonly perSecond: number;
  /** How long a connection lasts, from its first packet to its last. */
  readonly durationSeconds: number;
}

/** Settings of the hop, in seconds, that decide how long an entry stays. */
export interface Timers {
  /** nf_conntrack_tcp_timeout_syn_sent: of a connection whose answer was not seen. */
  readonly synSent: number;
  /** nf_conntrack_tcp_timeout_time_wait: of a connection that was closed. */
  readonly timeWait: number;
  /** nf_conntrack_udp_timeout and _udp_timeout_stream: of a flow without answers, and of one with. */
  readonly udp: number;
  readonly udpStream: number;
  /** How long an expired entry waits for the garbage collector at most. */
  readonly lag: number;
}

/** Those of the kernel. The lag is that of Linux 5.15 and later; before, it was 16 s. */
export const kernelTimers: Timers = { synSent: 120, timeWait: 120, udp: 30, udpStream: 120, lag: 60 };

/**
 * How long, in seconds, a connection has a live entry, from its first packet on. docs/forecast.md has the reasons. Nothing
 * that a client sends renews the entry of a SYN whose answer was not seen. A client that still sends when that has
 * expired is picked up as ESTABLISHED, which its packets do renew, and leaves TIME_WAIT when it closes.
 */
export function staySeconds({ protocol, seen, durationSeconds }: Load, timers: Timers): number {
  if (protocol === 'udp') return durationSeconds + udpTimeout(seen, durationSeconds, timers);
  const isOver = seen === 'half' && durationSeconds <= timers.synSent;
  return isOver ? timers.synSent : durationSeconds + timers.timeWait;
}

/** A flow that is answered for more than 2 s gets the longer timer: nf_conntrack_udp_packet(). */
const streamSeconds = 2;

function udpTimeout(seen: Load['seen'], durationSeconds: number, { udp, udpStream }: Timers): number {
  return seen === 'both' && durationSeconds > streamSeconds ? udpStream : udp;
}
