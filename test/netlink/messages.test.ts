import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  align,
  attributeEnd,
  attributeHeader,
  attributeType,
  attributeUint8,
  attributeUint16,
  attributeUint32,
  attributeUint64,
  encodeAttribute,
  encodeRequest,
  messageEnd,
  messageFlags,
  messageHeader,
  messageSequence,
  messageType,
} from '../../src/netlink/messages.ts';

const uint16 = fc.nat(0xffff);
const uint32 = fc.nat(0xffff_ffff);
const payload = fc.uint8Array({ maxLength: 64 });

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

describe('encodeRequest()', () => {
  it('writes struct nlmsghdr in front of the payload', () => {
    const message = encodeRequest(0x101, 0x300, 7, new Uint8Array([2, 0, 0, 0]));
    expect(Buffer.from(message).toString('hex')).toBe(
      '14000000' + '0101' + '0103' + '07000000' + '00000000' + '02000000',
    );
  });

  it('is read back by the header functions', () => {
    fc.assert(
      fc.property(uint16, uint16, uint32, payload, (type, flags, sequence, bytes) => {
        const message = encodeRequest(type, flags, sequence, bytes);
        const view = viewOf(message);
        expect(messageEnd(view, 0, message.length)).toBe(messageHeader + bytes.length);
        expect(messageType(view, 0)).toBe(type);
        expect(messageFlags(view, 0)).toBe(flags | 1);
        expect(messageSequence(view, 0)).toBe(sequence);
        expect(message.subarray(messageHeader)).toEqual(bytes);
      }),
    );
  });
});

describe('encodeAttribute()', () => {
  it('gives attributes that are found one after another', () => {
    const attribute = fc.record({ type: fc.nat(0x3fff), bytes: payload });
    fc.assert(
      fc.property(fc.array(attribute), (attributes) => {
        const nest = Buffer.concat(attributes.map(({ type, bytes }) => encodeAttribute(type, bytes)));
        expect(readAttributes(nest)).toEqual(attributes);
      }),
    );
  });

  it('nests', () => {
    const inner = encodeAttribute(1, new Uint8Array([1, 2, 3]));
    const [outer] = readAttributes(encodeAttribute(0x8000 | 2, inner));
    expect(outer?.type).toBe(2);
    expect(readAttributes(outer?.bytes ?? new Uint8Array())).toEqual([{ type: 1, bytes: new Uint8Array([1, 2, 3]) }]);
  });
});

function readAttributes(nest: Uint8Array): { type: number; bytes: Uint8Array }[] {
  const view = viewOf(nest);
  const attributes = [];
  for (let at = 0; at < nest.length; ) {
    const end = attributeEnd(view, at, nest.length);
    attributes.push({ type: attributeType(view, at), bytes: new Uint8Array(nest.subarray(at + attributeHeader, end)) });
    at = align(end);
  }
  return attributes;
}

describe('attributeUint8(), 16, 32 and 64', () => {
  const view = viewOf(encodeAttribute(1, new Uint8Array([0x81, 2, 3, 4, 5, 6, 7, 8])));
  const short = viewOf(encodeAttribute(1, new Uint8Array([])));

  it.each([
    [attributeUint8, 0x81, 1],
    [attributeUint16, 0x8102, 2],
    [attributeUint32, 0x81020304, 4],
    [attributeUint64, 0x81020304 * 2 ** 32 + 0x05060708, 8],
  ])('%o read network byte order and refuse less', (read, value, bytes) => {
    expect(read(view, 0, 12)).toBe(value);
    expect(() => read(short, 0, 4)).toThrow(
      `Malformed netlink message at byte 0: an attribute holds 0 bytes, not ${bytes}`,
    );
  });
});

describe('messageEnd() and attributeEnd()', () => {
  it.each([
    [15, '0f000000', 'a message has length 15'],
    [0, '00000000', 'a message has length 0'],
    [17, '11000000', 'a message has length 17'],
    [2 ** 32 - 1, 'ffffffff', 'a message has length 4294967295'],
  ])('refuse a message of length %i in 16 bytes', (_length, header, problem) => {
    const view = viewOf(Buffer.from(header.padEnd(32, '0'), 'hex'));
    expect(() => messageEnd(view, 0, 16)).toThrow(`Malformed netlink message at byte 0: ${problem}`);
  });

  it.each(['0000', '0300', '0900', 'ffff'])('refuse an attribute of length %s in 8 bytes', (length) => {
    const view = viewOf(Buffer.from(length.padEnd(16, '0'), 'hex'));
    expect(() => attributeEnd(view, 0, 8)).toThrow(
      /^Malformed netlink message at byte 0: an attribute has length \d+$/,
    );
  });

  it('refuse a header that is cut off', () => {
    const view = new DataView(new ArrayBuffer(32));
    expect(() => messageEnd(view, 20, 32)).toThrow(/byte 20: 12 bytes are too few for a message$/);
    expect(() => attributeEnd(view, 30, 32)).toThrow(/byte 30: 2 bytes are too few for an attribute$/);
  });

  it('go forward and stay inside whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(63), (bytes, at) => {
        for (const find of [messageEnd, attributeEnd]) {
          const end = attempt(() => find(viewOf(bytes), Math.min(at, bytes.length), bytes.length));
          if (end !== undefined) {
            expect(end).toBeGreaterThan(at);
            expect(end).toBeLessThanOrEqual(bytes.length);
          }
        }
      }),
    );
  });
});

function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return undefined;
  }
}
