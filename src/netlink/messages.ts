/**
 * Netlink's framing: messages in a datagram, attributes in a message. Pure, and without an allocation for each: a
 * message and an attribute are offsets into the one view of the bytes received.
 *
 * Headers are in the machine's byte order, which is little-endian wherever koffi has a binary. Netfilter's own numbers
 * are in network byte order.
 *
 * Source: include/uapi/linux/netlink.h.
 */

/** Bytes of `struct nlmsghdr` and of `struct nlattr`. */
export const messageHeader = 16;
export const attributeHeader = 4;

export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_DUMP_INTR = 0x10;
/** NLM_F_ROOT | NLM_F_MATCH */
export const NLM_F_DUMP = 0x300;

/** The end of an attribute or message rounded up to where the next one starts: NLMSG_ALIGN(), NLA_ALIGN(). */
export function align(offset: number): number {
  return (offset + 3) & ~3;
}

/**
 * Encodes a request. `payload` starts with the family's own header (`nfgenmsg`, `genlmsghdr`).
 *
 * @param sequence nlmsg_seq, 32 bits; every answer repeats it.
 */
export function encodeRequest(type: number, flags: number, sequence: number, payload: Uint8Array): Uint8Array {
  const message = new Uint8Array(messageHeader + payload.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length, true);
  view.setUint16(4, type, true);
  view.setUint16(6, NLM_F_REQUEST | flags, true);
  view.setUint32(8, sequence, true);
  message.set(payload, messageHeader);
  return message;
}

/** Encodes an attribute, padded for the next one. One that nests others has them, concatenated, as its payload. */
export function encodeAttribute(type: number, payload: Uint8Array): Uint8Array {
  const length = attributeHeader + payload.length;
  const attribute = new Uint8Array(align(length));
  const view = new DataView(attribute.buffer);
  view.setUint16(0, length, true);
  view.setUint16(2, type, true);
  attribute.set(payload, attributeHeader);
  return attribute;
}

/**
 * Where the message at `at` ends, in a datagram that ends at `end`.
 *
 * @throws SyntaxError when the header does not fit into the datagram or the length does not.
 */
export function messageEnd(view: DataView, at: number, end: number): number {
  if (at + messageHeader > end) throw malformed(at, `${end - at} bytes are too few for a message`);
  const length = view.getUint32(at, true);
  if (length < messageHeader || length > end - at) throw malformed(at, `a message has length ${length}`);
  return at + length;
}

/** nlmsg_type */
export function messageType(view: DataView, at: number): number {
  return view.getUint16(at + 4, true);
}

/** nlmsg_flags */
export function messageFlags(view: DataView, at: number): number {
  return view.getUint16(at + 6, true);
}

/** nlmsg_seq */
export function messageSequence(view: DataView, at: number): number {
  return view.getUint32(at + 8, true);
}

/**
 * Where the attribute at `at` ends, without padding, in a message or nest that ends at `end`. It is always beyond `at`,
 * so a loop that goes on at `align()` of it comes to an end.
 *
 * @throws SyntaxError when the header does not fit or the length does not.
 */
export function attributeEnd(view: DataView, at: number, end: number): number {
  if (at + attributeHeader > end) throw malformed(at, `${end - at} bytes are too few for an attribute`);
  const length = view.getUint16(at, true);
  if (length < attributeHeader || length > end - at) throw malformed(at, `an attribute has length ${length}`);
  return at + length;
}

/** nla_type without NLA_F_NESTED and NLA_F_NET_BYTEORDER, which kernels set or not as they please. */
export function attributeType(view: DataView, at: number): number {
  return view.getUint16(at + 2, true) & 0x3fff;
}

/** The attribute's unsigned number in network byte order, of 8, 16 or 32 bits. */
export function attributeUint8(view: DataView, at: number, stop: number): number {
  requirePayload(at, stop, 1);
  return view.getUint8(at + attributeHeader);
}

export function attributeUint16(view: DataView, at: number, stop: number): number {
  requirePayload(at, stop, 2);
  return view.getUint16(at + attributeHeader);
}

export function attributeUint32(view: DataView, at: number, stop: number): number {
  requirePayload(at, stop, 4);
  return view.getUint32(at + attributeHeader);
}

/** The attribute's unsigned 64-bit number in network byte order. Beyond 2^53 it is rounded. */
export function attributeUint64(view: DataView, at: number, stop: number): number {
  requirePayload(at, stop, 8);
  return view.getUint32(at + attributeHeader) * 0x1_0000_0000 + view.getUint32(at + attributeHeader + 4);
}

/**
 * Checks that the attribute from `at` to `stop` holds at least `bytes`. The kernel asks the same of its numbers: more
 * is accepted.
 */
export function requirePayload(at: number, stop: number, bytes: number): void {
  const length = stop - at - attributeHeader;
  if (length < bytes) throw malformed(at, `an attribute holds ${length} bytes, not ${bytes}`);
}

/** What was received is not a netlink message. `offset` counts bytes from the start of what was received. */
export class MessageError extends SyntaxError {
  override readonly name = 'MessageError';
  readonly code = 'EBADMSG';
  readonly offset: number;

  constructor(offset: number, problem: string) {
    super(`Malformed netlink message at byte ${offset}: ${problem}`);
    this.offset = offset;
  }
}

/** The error of everything that is not a netlink message. `at` is the offset in what was received. */
export function malformed(at: number, problem: string): MessageError {
  return new MessageError(at, problem);
}
