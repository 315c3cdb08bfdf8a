import { tcpStates } from '../../../identity/protocol.ts';

/** How long is long enough for entries of a state, and what a timer of so many seconds costs. */
export interface ShortTimer {
  readonly seconds: number;
  readonly tradeOff: string;
}

const halfClosed =
  'One side has closed. If the other side is silent for longer than this and then sends again, NAT loses its packets.';
const noReply = 'A stateful firewall refuses replies that arrive later than this.';
const forgotten =
  'A flow without packets for longer than this loses its entry: with NAT it breaks, without NAT its next packet creates a new entry.';

/** By the timer, as its file below /proc/sys/net/netfilter ends after `nf_conntrack_`. */
export const shortTimers: Readonly<Record<string, ShortTimer>> = {
  // RFC 5382: at least two hours and four minutes.
  tcp_timeout_established: { seconds: 7440, tradeOff: `${forgotten} Linux sends TCP keepalives every two hours.` },
  tcp_timeout_time_wait: { seconds: 30, tradeOff: 'These connections are closed on both sides.' },
  tcp_timeout_close_wait: { seconds: 60, tradeOff: halfClosed },
  tcp_timeout_fin_wait: { seconds: 60, tradeOff: halfClosed },
  tcp_timeout_last_ack: { seconds: 30, tradeOff: 'Both sides have closed; one acknowledgement is missing.' },
  tcp_timeout_close: { seconds: 10, tradeOff: 'These connections were reset.' },
  tcp_timeout_syn_recv: {
    seconds: 20,
    tradeOff: 'A client that completes its handshake later than this is refused.',
  },
  // Long enough for a SYN to be sent four times: after 1, 3, 7 and 15 s.
  tcp_timeout_syn_sent: {
    seconds: 20,
    tradeOff: 'A stateful firewall refuses a handshake that takes longer than this.',
  },
  udp_timeout: { seconds: 15, tradeOff: noReply },
  // RFC 4787: at least two minutes. Keepalives of VPN and telephone clients come every 25 to 30 s.
  udp_timeout_stream: { seconds: 120, tradeOff: forgotten },
  icmp_timeout: { seconds: 10, tradeOff: noReply },
  icmpv6_timeout: { seconds: 10, tradeOff: noReply },
  gre_timeout: { seconds: 30, tradeOff: noReply },
  gre_timeout_stream: { seconds: 180, tradeOff: forgotten },
  // Heartbeats of SCTP come every 30 s.
  sctp_timeout_established: { seconds: 210, tradeOff: forgotten },
  generic_timeout: { seconds: 120, tradeOff: forgotten },
};

/** States of TCP that conntrack-tools selects entries by. */
export const selectableStates: ReadonlySet<string> = new Set(
  tcpStates.filter((state) => state !== 'NONE' && state !== 'SYN_SENT2'),
);
