/** Protocols that connection tracking has a name for. The others are tracked by their addresses alone. */
const names = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [47, 'gre'],
  [58, 'icmpv6'],
  [132, 'sctp'],
  [136, 'udplite'],
]);

/** The name of an IP protocol as `conntrack -L` prints it, or its number in decimal where that prints `unknown`. */
export function protocolName(protocol: number): string {
  return names.get(protocol) ?? String(protocol);
}

/** Nothing distinguishes two hosts with one address behind NAT then. @param name as `protocolName` gives it. */
export function hasNoPorts(name: string): boolean {
  return name === 'gre' || /^\d+$/.test(name);
}

/** Of the protocols that connection tracking has no name for, those of tunnels, routing and VRRP. */
const furtherNames = new Map([
  ['4', 'IPIP'],
  ['41', '6in4'],
  ['50', 'ESP'],
  ['51', 'AH'],
  ['89', 'OSPF'],
  ['97', 'EtherIP'],
  ['103', 'PIM'],
  ['112', 'VRRP'],
  ['115', 'L2TP'],
]);

/** `UDP`, `ESP (IP protocol 50)`: for a person. @param name as `protocolName` gives it. */
export function describeProtocol(name: string): string {
  if (!/^\d+$/.test(name)) return name.toUpperCase();
  const known = furtherNames.get(name);
  return known === undefined ? `IP protocol ${name}` : `${known} (IP protocol ${name})`;
}

/** `enum tcp_conntrack`, include/uapi/linux/netfilter/nf_conntrack_tcp.h. */
export const tcpStates = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
] as const;

/** `enum sctp_conntrack`, include/uapi/linux/netfilter/nf_conntrack_sctp.h. */
const sctpStates = [
  'NONE',
  'CLOSED',
  'COOKIE_WAIT',
  'COOKIE_ECHOED',
  'ESTABLISHED',
  'SHUTDOWN_SENT',
  'SHUTDOWN_RECD',
  'SHUTDOWN_ACK_SENT',
  'HEARTBEAT_SENT',
  'HEARTBEAT_ACKED',
] as const;

/** `enum ct_dccp_states`, include/uapi/linux/netfilter/nf_conntrack_dccp.h. Gone from Linux 6.18. */
const dccpStates = [
  'NONE',
  'REQUEST',
  'RESPOND',
  'PARTOPEN',
  'OPEN',
  'CLOSEREQ',
  'CLOSING',
  'TIMEWAIT',
  'IGNORE',
  'INVALID',
] as const;

/** The states of a protocol's flows by the kernel's number. Only these three have any. */
export const statesByProtocol: ReadonlyMap<number, readonly string[]> = new Map<number, readonly string[]>([
  [6, tcpStates],
  [33, dccpStates],
  [132, sctpStates],
]);

/** The kernel's name of a state, or its number in decimal when it is newer than this program. */
export function stateName(states: readonly string[], state: number): string {
  return states[state] ?? String(state);
}
