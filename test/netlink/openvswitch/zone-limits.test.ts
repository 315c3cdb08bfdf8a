import { describe, expect, test } from 'vitest';
import { decodeLimits, encodeZones } from '../../../src/netlink/openvswitch/zone-limits.ts';

/** struct ovs_header, and the attribute that holds `struct ovs_zone_limit` one after the other, without its own headers. */
function answer(...limits: readonly (readonly [zone: number, limit: number, count: number])[]): DataView {
  const bytes = new DataView(new ArrayBuffer(8 + limits.length * 12));
  bytes.setUint16(4, 4 + limits.length * 12, true);
  bytes.setUint16(6, 1, true);
  for (const [index, [zone, limit, count]] of limits.entries()) {
    bytes.setInt32(8 + index * 12, zone, true);
    bytes.setUint32(12 + index * 12, limit, true);
    bytes.setUint32(16 + index * 12, count, true);
  }
  return bytes;
}

const decode = (bytes: DataView) => decodeLimits(bytes, 0, bytes.byteLength);

describe('decodeLimits()', () => {
  test('reads the default limit and those of zones', () => {
    expect(decode(answer([-1, 1000, 0], [0, 0, 3], [65_535, 4_294_967_295, 7]))).toEqual([
      { zone: 'default', limit: 1000, entries: 0 },
      { zone: 0, limit: 0, entries: 3 },
      { zone: 65_535, limit: 4_294_967_295, entries: 7 },
    ]);
  });

  test('reads what encodeZones() writes, which begins alike', () => {
    const request = encodeZones([-1, 4097]);
    const zones = decode(new DataView(request.buffer, request.byteOffset, request.length)).map(({ zone }) => zone);
    expect(zones).toEqual(['default', 4097]);
  });

  test('gives none for an answer without limits', () => {
    expect(decode(new DataView(new ArrayBuffer(4)))).toEqual([]);
    expect(decode(answer())).toEqual([]);
    expect(encodeZones([])).toHaveLength(4);
  });

  test.each([
    ['without its header', answer().buffer.slice(0, 2)],
    ['with a part of a limit', answer([7, 5, 1]).buffer.slice(0, 16)],
  ])('refuses a message %s', (_, buffer) => {
    const bytes = new DataView(buffer);
    if (bytes.byteLength > 8) bytes.setUint16(4, bytes.byteLength - 4, true);
    expect(() => decode(bytes)).toThrow(SyntaxError);
  });
});
