import { formatIPv4, formatIPv6 } from './address.ts';

/** One end of a tracked connection. */
export interface FlowEnd {
  /**
   * 16 bytes in network byte order, as the kernel's `union nf_inet_addr`: an IPv4 address fills the first four and
   * leaves the others 0. Two addresses of one family are equal when these bytes are.
   */
  readonly address: DataView;
  /** Port, 0 to 65535; the key of a GRE flow; 0 for a protocol that has neither. */
  readonly port: number;
}

/**
 * One entry of the connection tracking table, whichever source it was read from.
 *
 * A reader of a table hands out the same object again and again and overwrites it: take what is needed, never keep it.
 */
export interface Flow {
  readonly family: IpVersion;
  /** IP protocol number; see {@link protocolName}. */
  readonly protocol: number;
  /** Sender of the first packet. */
  readonly source: FlowEnd;
  /** Where that packet was sent, before any address translation. */
  readonly destination: FlowEnd;
  /** Sender and receiver of a reply, as the kernel expects it. Without address translation they mirror the two above. */
  readonly replySource: FlowEnd;
  readonly replyDestination: FlowEnd;
  /** Of the first packet, for ICMP and ICMPv6 alone. */
  readonly icmpType: number | undefined;
  readonly icmpCode: number | undefined;
  readonly icmpId: number | undefined;
  /** The kernel's word, `SYN_SENT`, for TCP, SCTP and DCCP; empty for any other protocol and for an offloaded flow. */
  readonly state: string;
  /** IPS_SEEN_REPLY: at least one packet came back. `[UNREPLIED]` is its opposite. */
  readonly replied: boolean;
  /** IPS_ASSURED: not evicted when the table is full. /proc hides it of an offloaded flow, which is so if replied. */
  readonly assured: boolean;
  /** IPS_OFFLOAD: packets pass in a flow table, in software or hardware, and the entry does not expire meanwhile. */
  readonly offloaded: boolean;
  /** Seconds until the entry expires, rounded down; undefined while it is offloaded. */
  readonly remainingSeconds: number | undefined;
  /** Seconds since the entry was made; undefined unless it was made under nf_conntrack_timestamp=1. */
  readonly ageSeconds: number | undefined;
  /** Zone, 0 to 65535, of packets in the original direction. It equals `replyZone` unless the zone has one direction. */
  readonly originalZone: number;
  readonly replyZone: number;
  /** 0 when unmarked. */
  readonly mark: number;
  /** Packets sent and answered; undefined unless the entry was made under nf_conntrack_acct=1. */
  readonly originalPackets: number | undefined;
  readonly replyPackets: number | undefined;
}

/** IP version. */
export type IpVersion = 4 | 6;

/** Which part of the table is read. */
export interface ReadingOptions {
  /** Flows of this IP version alone. */
  readonly family?: IpVersion | undefined;
  /** Most flows to read; without it, all. */
  readonly limit?: number | undefined;
}

/** What a reading of the table came to. */
export interface TableReading {
  /** Flows handed out. */
  readonly entries: number;
  /** False when the reading stopped at its limit with entries left: the flows are then a random sample of the table. */
  readonly complete: boolean;
  /** True when the kernel reported that the table changed under the reading, so flows may be missing or repeated. */
  readonly interrupted: boolean;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A flow as its reader sees it: the one object that is overwritten for every entry. */
export interface FlowRecord extends Mutable<Omit<Flow, EndpointName>> {
  readonly source: Mutable<FlowEnd>;
  readonly destination: Mutable<FlowEnd>;
  readonly replySource: Mutable<FlowEnd>;
  readonly replyDestination: Mutable<FlowEnd>;
}

type EndpointName = 'source' | 'destination' | 'replySource' | 'replyDestination';

/** Makes the object that a reader overwrites. */
export function createFlow(): FlowRecord {
  return {
    family: 4,
    protocol: 0,
    source: createEndpoint(),
    destination: createEndpoint(),
    replySource: createEndpoint(),
    replyDestination: createEndpoint(),
    icmpType: undefined,
    icmpCode: undefined,
    icmpId: undefined,
    state: '',
    replied: false,
    assured: false,
    offloaded: false,
    remainingSeconds: undefined,
    ageSeconds: undefined,
    originalZone: 0,
    replyZone: 0,
    mark: 0,
    originalPackets: undefined,
    replyPackets: undefined,
  };
}

function createEndpoint(): Mutable<FlowEnd> {
  return { address: new DataView(new ArrayBuffer(16)), port: 0 };
}

/** Sets everything but the addresses, which every entry has, to what an entry has that does not mention it. */
export function clearFlow(flow: FlowRecord): void {
  flow.protocol = 0;
  flow.source.port = 0;
  flow.destination.port = 0;
  flow.replySource.port = 0;
  flow.replyDestination.port = 0;
  flow.icmpType = undefined;
  flow.icmpCode = undefined;
  flow.icmpId = undefined;
  flow.state = '';
  flow.replied = false;
  flow.assured = false;
  flow.offloaded = false;
  flow.remainingSeconds = undefined;
  flow.ageSeconds = undefined;
  flow.originalZone = 0;
  flow.replyZone = 0;
  flow.mark = 0;
  flow.originalPackets = undefined;
  flow.replyPackets = undefined;
}

/**
 * Whether addresses or ports are translated (NAT): a reply is expected from another endpoint than the first packet was
 * sent to, or at another one than it came from.
 */
export function isTranslated({ family, source, destination, replySource, replyDestination }: Flow): boolean {
  return !isSameEndpoint(family, destination, replySource) || !isSameEndpoint(family, source, replyDestination);
}

function isSameEndpoint(family: IpVersion, one: FlowEnd, other: FlowEnd): boolean {
  return one.port === other.port && isSameAddress(family, one.address, other.address);
}

/** Whether two addresses of a family are the same, the words first in which most differ. */
export function isSameAddress(family: IpVersion, one: DataView, other: DataView): boolean {
  if (one.getInt32(0) !== other.getInt32(0)) return false;
  return family === 4 || hasSameEnd(one, other);
}

/** Whether the last three of four words are the same. */
function hasSameEnd(one: DataView, other: DataView): boolean {
  return (
    one.getInt32(12) === other.getInt32(12) &&
    one.getInt32(8) === other.getInt32(8) &&
    one.getInt32(4) === other.getInt32(4)
  );
}

/** The text of an endpoint's address: dotted, or in RFC 5952 form. */
export function formatAddress(family: IpVersion, address: DataView): string {
  if (family === 4) return formatIPv4(address.getUint32(0));
  return formatIPv6([0, 2, 4, 6, 8, 10, 12, 14].map((offset) => address.getUint16(offset)));
}
