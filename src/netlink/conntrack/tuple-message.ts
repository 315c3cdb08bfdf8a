import type { FlowRecord } from '../../identity/flow.ts';
import {
  align,
  attributeEnd,
  attributeHeader,
  attributeType,
  attributeUint8,
  attributeUint16,
  malformed,
  requirePayload,
} from '../messages.ts';

const CTA_TUPLE_IP = 1;
const CTA_TUPLE_PROTO = 2;
const CTA_TUPLE_ZONE = 3;

const CTA_IP_V4_SRC = 1;
const CTA_IP_V4_DST = 2;
const CTA_IP_V6_SRC = 3;
const CTA_IP_V6_DST = 4;

const pairIPv4 = (1 << CTA_IP_V4_SRC) | (1 << CTA_IP_V4_DST);
const pairIPv6 = (1 << CTA_IP_V6_SRC) | (1 << CTA_IP_V6_DST);

const CTA_PROTO_NUM = 1;
const CTA_PROTO_SRC_PORT = 2;
const CTA_PROTO_DST_PORT = 3;
const CTA_PROTO_ICMP_ID = 4;
const CTA_PROTO_ICMP_TYPE = 5;
const CTA_PROTO_ICMP_CODE = 6;
const CTA_PROTO_ICMPV6_ID = 7;
const CTA_PROTO_ICMPV6_TYPE = 8;
const CTA_PROTO_ICMPV6_CODE = 9;

/**
 * Reads the attributes of a CTA_TUPLE_ORIG, from `start` to `stop`, into `flow`. Source: ctnetlink_dump_tuples().
 *
 * @throws SyntaxError when they are malformed or one of addresses and protocol is missing.
 */
export function decodeOriginalTuple(bytes: DataView, start: number, stop: number, flow: FlowRecord): void {
  let nests = 0;
  for (let at = start; at < stop; ) {
    const end = attributeEnd(bytes, at, stop);
    switch (attributeType(bytes, at)) {
      case CTA_TUPLE_IP:
        flow.family = decodeAddresses(bytes, at + attributeHeader, end, flow.source, flow.destination);
        nests |= 1;
        break;
      case CTA_TUPLE_PROTO:
        decodeProtocol(bytes, at + attributeHeader, end, flow);
        nests |= 2;
        break;
      case CTA_TUPLE_ZONE:
        flow.originalZone = attributeUint16(bytes, at, end);
        break;
    }
    at = align(end);
  }
  if (nests !== 3) throw malformed(start, 'a direction lacks addresses or protocol');
}

/** Reads from a CTA_TUPLE_REPLY what `flow` holds of it: addresses, ports, and the zone of this direction alone. */
export function decodeReplyTuple(bytes: DataView, start: number, stop: number, flow: FlowRecord): void {
  for (let at = start; at < stop; ) {
    const end = attributeEnd(bytes, at, stop);
    switch (attributeType(bytes, at)) {
      case CTA_TUPLE_IP:
        decodeAddresses(bytes, at + attributeHeader, end, flow.replySource, flow.replyDestination);
        break;
      case CTA_TUPLE_PROTO:
        decodePorts(bytes, at + attributeHeader, end, flow.replySource, flow.replyDestination);
        break;
      case CTA_TUPLE_ZONE:
        flow.replyZone = attributeUint16(bytes, at, end);
        break;
    }
    at = align(end);
  }
}

/** One end of either direction. */
type End = FlowRecord['source'];

/** Gives the IP version. */
function decodeAddresses(bytes: DataView, start: number, stop: number, source: End, destination: End): 4 | 6 {
  let seen = 0;
  for (let at = start; at < stop; ) {
    const end = attributeEnd(bytes, at, stop);
    const type = attributeType(bytes, at);
    switch (type) {
      case CTA_IP_V4_SRC:
        copyIPv4(bytes, at, end, source.address);
        break;
      case CTA_IP_V4_DST:
        copyIPv4(bytes, at, end, destination.address);
        break;
      case CTA_IP_V6_SRC:
        copyIPv6(bytes, at, end, source.address);
        break;
      case CTA_IP_V6_DST:
        copyIPv6(bytes, at, end, destination.address);
        break;
    }
    if (type <= CTA_IP_V6_DST) seen |= 1 << type;
    at = align(end);
  }
  if (seen === pairIPv4) return 4;
  if (seen === pairIPv6) return 6;
  throw malformed(start, 'a direction has no pair of addresses');
}

/** Ports alone: the protocol of a reply is that of its flow. */
function decodePorts(bytes: DataView, start: number, stop: number, source: End, destination: End): void {
  for (let at = start; at < stop; ) {
    const end = attributeEnd(bytes, at, stop);
    const type = attributeType(bytes, at);
    if (type === CTA_PROTO_SRC_PORT) source.port = attributeUint16(bytes, at, end);
    else if (type === CTA_PROTO_DST_PORT) destination.port = attributeUint16(bytes, at, end);
    at = align(end);
  }
}

function copyIPv4(bytes: DataView, at: number, end: number, address: DataView): void {
  requirePayload(at, end, 4);
  address.setInt32(0, bytes.getInt32(at + attributeHeader));
  address.setInt32(4, 0);
  address.setInt32(8, 0);
  address.setInt32(12, 0);
}

function copyIPv6(bytes: DataView, at: number, end: number, address: DataView): void {
  requirePayload(at, end, 16);
  for (let i = 0; i < 16; i += 4) address.setInt32(i, bytes.getInt32(at + attributeHeader + i));
}

function decodeProtocol(bytes: DataView, start: number, stop: number, flow: FlowRecord): void {
  flow.protocol = -1;
  for (let at = start; at < stop; ) {
    const end = attributeEnd(bytes, at, stop);
    switch (attributeType(bytes, at)) {
      case CTA_PROTO_NUM:
        flow.protocol = attributeUint8(bytes, at, end);
        break;
      case CTA_PROTO_SRC_PORT:
        flow.source.port = attributeUint16(bytes, at, end);
        break;
      case CTA_PROTO_DST_PORT:
        flow.destination.port = attributeUint16(bytes, at, end);
        break;
      case CTA_PROTO_ICMP_ID:
      case CTA_PROTO_ICMPV6_ID:
        flow.icmpId = attributeUint16(bytes, at, end);
        break;
      case CTA_PROTO_ICMP_TYPE:
      case CTA_PROTO_ICMPV6_TYPE:
        flow.icmpType = attributeUint8(bytes, at, end);
        break;
      case CTA_PROTO_ICMP_CODE:
      case CTA_PROTO_ICMPV6_CODE:
        flow.icmpCode = attributeUint8(bytes, at, end);
        break;
    }
    at = align(end);
  }
  if (flow.protocol < 0) throw malformed(start, 'a direction has no protocol');
}
