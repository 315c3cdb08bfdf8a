import { type Flow, type FlowEnd, formatAddress, type IpVersion } from '../identity/flow.ts';
import { protocolName } from '../identity/protocol.ts';

/**
 * A flow as a line of /proc/net/nf_conntrack, without its line end: what `parseNfConntrackLine` reads. What a flow does
 * not hold is written as a plain one has it: bytes are 0, and what identifies an ICMP reply mirrors the request.
 */
export function formatFlow(flow: Flow): string {
  const name = protocolName(flow.protocol);
  const { source, destination, replySource, replyDestination } = flow;
  return [
    flow.family === 4 ? 'ipv4 2' : 'ipv6 10',
    /^\d+$/.test(name) ? 'unknown' : name,
    flow.protocol,
    flow.remainingSeconds,
    flow.state,
    formatAddresses(flow, source, destination),
    formatPorts(flow, source.port, destination.port),
    field('zone-orig', hasDirectionalZone(flow) ? flow.originalZone : 0),
    formatPackets(flow.originalPackets),
    flow.replied ? '' : '[UNREPLIED]',
    formatAddresses(flow, replySource, replyDestination),
    formatPorts(flow, replySource.port, replyDestination.port),
    field('zone-reply', hasDirectionalZone(flow) ? flow.replyZone : 0),
    formatPackets(flow.replyPackets),
    flow.offloaded ? '[OFFLOAD]' : flow.assured ? '[ASSURED]' : '',
    `mark=${flow.mark}`,
    field('zone', hasDirectionalZone(flow) ? 0 : flow.originalZone),
    flow.ageSeconds === undefined ? '' : `delta-time=${flow.ageSeconds}`,
    'use=1',
  ]
    .filter((word) => word !== '' && word !== undefined)
    .join(' ');
}

function hasDirectionalZone({ originalZone, replyZone }: Flow): boolean {
  return originalZone !== replyZone;
}

function field(name: string, value: number): string {
  return value === 0 ? '' : `${name}=${value}`;
}

function formatPackets(packets: number | undefined): string {
  return packets === undefined ? '' : `packets=${packets} bytes=0`;
}

/** As the kernel's print_tuple() does for each protocol. */
function formatPorts({ protocol, icmpType, icmpCode, icmpId }: Flow, from: number, to: number): string {
  const name = protocolName(protocol);
  if (icmpType !== undefined) return `type=${icmpType} code=${icmpCode ?? 0} id=${icmpId ?? 0}`;
  if (name === 'gre') return `srckey=0x${from.toString(16)} dstkey=0x${to.toString(16)}`;
  return /^\d+$/.test(name) ? '' : `sport=${from} dport=${to}`;
}

function formatAddresses({ family }: Flow, source: FlowEnd, destination: FlowEnd): string {
  return `src=${formatAddressInFull(family, source)} dst=${formatAddressInFull(family, destination)}`;
}

/** Dotted, or all eight groups of an IPv6 address with four digits each: `%pI4` and `%pI6`. */
function formatAddressInFull(family: IpVersion, { address }: FlowEnd): string {
  if (family === 4) return formatAddress(4, address);
  const groups = Array.from({ length: 8 }, (_, index) => address.getUint16(index * 2));
  return groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
}
