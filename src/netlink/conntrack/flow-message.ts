import { clearFlow, type FlowRecord } from '../../identity/flow.ts';
import { stateName, statesByProtocol } from '../../identity/protocol.ts';
import {
  align,
  attributeEnd,
  attributeHeader,
  attributeType,
  attributeUint8,
  attributeUint16,
  attributeUint32,
  attributeUint64,
  malformed,
} from '../messages.ts';
import { decodeOriginalTuple, decodeReplyTuple } from './tuple-message.ts';

/** `struct nfgenmsg`: family, version, and a big-endian resource number. */
export const nfgenmsgLength = 4;

const CTA_TUPLE_ORIG = 1;
const CTA_TUPLE_REPLY = 2;
const CTA_STATUS = 3;
const CTA_PROTOINFO = 4;
const CTA_TIMEOUT = 7;
const CTA_MARK = 8;
const CTA_COUNTERS_ORIG = 9;
const CTA_COUNTERS_REPLY = 10;
const CTA_ZONE = 18;
const CTA_TIMESTAMP = 20;

/** `enum ip_conntrack_status`, include/uapi/linux/netfilter/nf_conntrack_common.h. */
const IPS_SEEN_REPLY = 1 << 1;
const IPS_ASSURED = 1 << 2;
const IPS_OFFLOAD = 1 << 14;
const IPS_HW_OFFLOAD = 1 << 15;

/** First attribute of CTA_COUNTERS_* and of CTA_TIMESTAMP: CTA_COUNTERS_PACKETS, CTA_TIMESTAMP_START. */
const CTA_COUNTERS_PACKETS = 1;
const CTA_TIMESTAMP_START = 1;
/** CTA_PROTOINFO_TCP_STATE, CTA_PROTOINFO_DCCP_STATE and CTA_PROTOINFO_SCTP_STATE alike. */
const CTA_PROTOINFO_STATE = 1;

/**
 * Reads an IPCTNL_MSG_CT_NEW, an `nfgenmsg` and attributes from `start` to `stop`, into `flow`: everything in it is set
 * or cleared. Source: ctnetlink_fill_info() in net/netfilter/nf_conntrack_netlink.c.
 *
 * @param now the time that the age of the flow is counted to, in Unix seconds. Not asked for without CTA_TIMESTAMP.
 * @throws SyntaxError when the message is malformed or has no original direction.
 */
export function decodeFlow(bytes: DataView, start: number, stop: number, flow: FlowRecord, now: () => number): void {
  clearFlow(flow);
  let status = 0;
  let tuples = 0;
  for (let at = start + nfgenmsgLength; at < stop; ) {
    const end = attributeEnd(bytes, at, stop);
    switch (attributeType(bytes, at)) {
      case CTA_TUPLE_ORIG:
        decodeOriginalTuple(bytes, at + attributeHeader, end, flow);
        tuples++;
        break;
      case CTA_TUPLE_REPLY:
        decodeReplyTuple(bytes, at + attributeHeader, end, flow);
        break;
      case CTA_STATUS:
        status = attributeUint32(bytes, at, end);
        break;
      case CTA_PROTOINFO:
        flow.state = decodeState(bytes, at + attributeHeader, end, flow.protocol);
        break;
      case CTA_TIMEOUT:
        flow.remainingSeconds = attributeUint32(bytes, at, end);
        break;
      case CTA_MARK:
        flow.mark = attributeUint32(bytes, at, end);
        break;
      case CTA_COUNTERS_ORIG:
        flow.originalPackets = decodeNumber(bytes, at + attributeHeader, end, CTA_COUNTERS_PACKETS);
        break;
      case CTA_COUNTERS_REPLY:
        flow.replyPackets = decodeNumber(bytes, at + attributeHeader, end, CTA_COUNTERS_PACKETS);
        break;
      case CTA_ZONE:
        flow.originalZone = attributeUint16(bytes, at, end);
        flow.replyZone = flow.originalZone;
        break;
      case CTA_TIMESTAMP:
        flow.ageSeconds = decodeAge(bytes, at + attributeHeader, end, now);
        break;
    }
    at = align(end);
  }
  if (tuples !== 1) throw malformed(start, 'an entry has no original direction');
  flow.replied = (status & IPS_SEEN_REPLY) !== 0;
  flow.assured = (status & IPS_ASSURED) !== 0;
  flow.offloaded = (status & (IPS_OFFLOAD | IPS_HW_OFFLOAD)) !== 0;
}

/** The state inside CTA_PROTOINFO_TCP, _DCCP or _SCTP, whichever of them the protocol has. */
function decodeState(bytes: DataView, start: number, stop: number, protocol: number): string {
  const states = statesByProtocol.get(protocol);
  if (states === undefined || start === stop) return '';
  const end = attributeEnd(bytes, start, stop);
  for (let at = start + attributeHeader; at < end; ) {
    const next = attributeEnd(bytes, at, end);
    if (attributeType(bytes, at) === CTA_PROTOINFO_STATE) return stateName(states, attributeUint8(bytes, at, next));
    at = align(next);
  }
  return '';
}

/** The 64-bit attribute of this type in a nest; undefined when there is none. */
function decodeNumber(bytes: DataView, start: number, stop: number, type: number): number | undefined {
  for (let at = start; at < stop; ) {
    const end = attributeEnd(bytes, at, stop);
    if (attributeType(bytes, at) === type) return attributeUint64(bytes, at, end);
    at = align(end);
  }
  return undefined;
}

/** The kernel stamps entries in nanoseconds of its real-time clock, which may be set back: ct_show_delta_time(). */
function decodeAge(bytes: DataView, start: number, stop: number, now: () => number): number | undefined {
  const created = decodeNumber(bytes, start, stop, CTA_TIMESTAMP_START);
  return created === undefined ? undefined : Math.max(0, now() - created / 1e9);
}
