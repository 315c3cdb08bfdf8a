import {
  align,
  attributeEnd,
  attributeHeader,
  attributeType,
  encodeAttribute,
  malformed,
  requirePayload,
} from './messages.ts';

/**
 * The attributes of one message or nest, by their type. Their numbers are in the machine's byte order, as generic
 * netlink families have them, which is little-endian wherever koffi has a binary.
 */
export interface Attributes {
  readonly bytes: DataView;
  /** Where the message or nest starts, for errors. */
  readonly start: number;
  /** Where the attribute of each type starts; -1 where there is none. */
  readonly places: readonly number[];
}

/**
 * Finds the attributes between `start` and `stop` whose type is `most` at most. Of two with the same type the last
 * counts, as it does for the kernel.
 */
export function indexAttributes(bytes: DataView, start: number, stop: number, most: number): Attributes {
  const places = new Array<number>(most + 1).fill(absent);
  for (let at = start; at < stop; ) {
    const end = attributeEnd(bytes, at, stop);
    const type = attributeType(bytes, at);
    if (type <= most) places[type] = at;
    at = align(end);
  }
  return { bytes, start, places };
}

const absent = -1;

/** The attributes inside an attribute. */
export function indexNest(attributes: Attributes, type: number, most: number): Attributes {
  const at = requireAttribute(attributes, type);
  return indexAttributes(attributes.bytes, at + attributeHeader, endOf(attributes, at), most);
}

export function hasAttribute({ places }: Attributes, type: number): boolean {
  return (places[type] ?? absent) !== absent;
}

export function uint8(attributes: Attributes, type: number): number {
  return attributes.bytes.getUint8(payloadOf(attributes, type, 1));
}

export function uint16(attributes: Attributes, type: number): number {
  return attributes.bytes.getUint16(payloadOf(attributes, type, 2), true);
}

export function uint32(attributes: Attributes, type: number): number {
  return attributes.bytes.getUint32(payloadOf(attributes, type, 4), true);
}

export function int32(attributes: Attributes, type: number): number {
  return attributes.bytes.getInt32(payloadOf(attributes, type, 4), true);
}

/** In network byte order, as ports are everywhere. */
export function port(attributes: Attributes, type: number): number {
  return attributes.bytes.getUint16(payloadOf(attributes, type, 2));
}

/** A number of 64 bits or, where the attribute has room for no more, of 32. Beyond 2^53 it is rounded. */
export function uint64(attributes: Attributes, type: number): number {
  const at = payloadOf(attributes, type, 4);
  const low = attributes.bytes.getUint32(at, true);
  return at + 8 > endOf(attributes, at - attributeHeader)
    ? low
    : attributes.bytes.getUint32(at + 4, true) * 0x1_0000_0000 + low;
}

/** Text up to its NUL. */
export function nulTerminatedText(attributes: Attributes, type: number): string {
  const at = requireAttribute(attributes, type);
  const { bytes } = attributes;
  const start = at + attributeHeader;
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset + start, endOf(attributes, at) - start).toString('utf8');
  return whole.split('\0', 1).join();
}

/** Copies of the attributes of these types, with their headers, padded; those that are not there are left out. */
export function copyAttributes(attributes: Attributes, types: readonly number[]): Uint8Array {
  const present = types.filter((type) => hasAttribute(attributes, type));
  return Buffer.concat(present.map((type) => encodeAttribute(type, copyPayload(attributes, type))));
}

function copyPayload(attributes: Attributes, type: number): Uint8Array {
  const at = payloadOf(attributes, type, 0);
  const { buffer, byteOffset } = attributes.bytes;
  return new Uint8Array(buffer, byteOffset + at, endOf(attributes, at - attributeHeader) - at);
}

/**
 * Where the payload of an attribute starts, of which there are `length` bytes at least.
 *
 * @throws SyntaxError when there is no such attribute, or it is too short.
 */
export function payloadOf(attributes: Attributes, type: number, length: number): number {
  const at = requireAttribute(attributes, type);
  requirePayload(at, endOf(attributes, at), length);
  return at + attributeHeader;
}

function requireAttribute({ start, places }: Attributes, type: number): number {
  const at = places[type] ?? absent;
  if (at === absent) throw malformed(start, `attribute ${type} is missing`);
  return at;
}

/** indexAttributes() has seen that it is inside the message. */
function endOf({ bytes }: Attributes, at: number): number {
  return at + bytes.getUint16(at, true);
}
