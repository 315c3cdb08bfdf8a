import { formatIPv4, formatIPv6 } from '../../identity/address.ts';
import { hasAttribute, indexAttributes, payloadOf } from '../attributes.ts';
import { malformed } from '../messages.ts';

/** An address of another machine, for whose hardware address the kernel asked on an interface. */
export interface AskedNeighbour {
  readonly interface: string;
  readonly address: string;
  /** Whether it has answered: ARP for IPv4, neighbour discovery for IPv6. */
  readonly answered: boolean;
}

/** The same, on the interface of this number. */
export interface NumberedNeighbour {
  readonly interfaceIndex: number;
  readonly address: string;
  readonly answered: boolean;
}

/** Bytes of `struct ndmsg`. */
export const ndmsgLength = 12;

const AF_INET = 2;
const AF_INET6 = 10;
const NDA_DST = 1;

/** NUD_* of include/uapi/linux/neighbour.h: what the kernel is asking for, or has asked for without an answer. */
const silent = 0x01 | 0x20;
/** NUD_REACHABLE, NUD_STALE, NUD_DELAY, NUD_PROBE */
const answered = 0x02 | 0x04 | 0x08 | 0x10;

/**
 * Reads one answer to RTM_GETNEIGH; undefined for an entry that the kernel does not ask for, because it was set by hand
 * (NUD_PERMANENT) or its device needs none (NUD_NOARP). Source: neigh_fill_info() in net/core/neighbour.c.
 */
export function decodeNeighbour(bytes: DataView, start: number, stop: number): NumberedNeighbour | undefined {
  if (stop - start < ndmsgLength) throw malformed(start, 'a message has no ndmsg');
  const family = bytes.getUint8(start);
  const state = bytes.getUint16(start + 8, true);
  const attributes = indexAttributes(bytes, start + ndmsgLength, stop, NDA_DST);
  const isIP = family === AF_INET || family === AF_INET6;
  if (!isIP || !hasAttribute(attributes, NDA_DST) || (state & (silent | answered)) === 0) return undefined;
  const at = payloadOf(attributes, NDA_DST, family === AF_INET ? 4 : 16);
  const address =
    family === AF_INET
      ? formatIPv4(bytes.getUint32(at))
      : formatIPv6([0, 2, 4, 6, 8, 10, 12, 14].map((offset) => bytes.getUint16(at + offset)));
  return { interfaceIndex: bytes.getInt32(start + 4, true), address, answered: (state & answered) !== 0 };
}
