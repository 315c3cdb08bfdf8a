import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from '../../src/identity/address.ts';

describe('formatIPv4()', () => {
  it.each([
    [0, '0.0.0.0'],
    [0xc0a80164, '192.168.1.100'],
    [0xffffffff, '255.255.255.255'],
  ])('writes %i as %s', (address, text) => {
    expect(formatIPv4(address)).toBe(text);
  });
});

describe('formatIPv6()', () => {
  // The examples of RFC 5952, sections 4 and 5.
  it.each([
    ['2001:0db8:0000:0000:0000:0000:0002:0001', '2001:db8::2:1'],
    ['2001:0db8:0000:0001:0001:0001:0001:0001', '2001:db8:0:1:1:1:1:1'],
    ['2001:0000:0000:0001:0000:0000:0000:0001', '2001:0:0:1::1'],
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['0000:0000:0000:0000:0000:0000:0000:0000', '::'],
    ['0000:0000:0000:0000:0000:0000:0000:0001', '::1'],
    ['fe80:0000:0000:0000:0000:0000:0000:0000', 'fe80::'],
    ['0000:0000:0000:0000:0000:ffff:c000:0280', '::ffff:192.0.2.128'],
  ])('writes %s as %s', (full, short) => {
    expect(formatIPv6(full.split(':').map((group) => Number.parseInt(group, 16)))).toBe(short);
  });

  it('writes a valid address for any groups', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (groups) => {
        expect(isIPv6(formatIPv6(groups))).toBe(true);
      }),
    );
  });
});

describe('parseIPv4()', () => {
  it('reads what formatIPv4() writes', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (address) => {
        expect(parseIPv4(formatIPv4(address))).toBe(address);
      }),
    );
  });

  it.each(['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '1.2.3.x', '1.2.3.', 'fd00::1'])('refuses "%s"', (text) => {
    expect(parseIPv4(text)).toBeUndefined();
  });
});

describe('parseIPv6()', () => {
  it('reads any valid address, in any of its forms, and nothing else', () => {
    const text = fc.oneof(
      fc.ipV6(),
      fc.string({ unit: fc.constantFrom('::', ':', '.', '0', '1', 'ffff', '12', 'g', '-'), maxLength: 20 }),
    );
    fc.assert(
      fc.property(text, (address) => {
        const groups = parseIPv6(address);
        expect(groups !== undefined).toBe(isIPv6(address));
        if (groups) expect(parseIPv6(formatIPv6(groups))).toEqual(groups);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['::', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['fd00::1', [0xfd00, 0, 0, 0, 0, 0, 0, 1]],
    ['1:2:3:4:5:6:7::', [1, 2, 3, 4, 5, 6, 7, 0]],
    ['::ffff:192.0.2.128', [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x280]],
  ])('reads %s', (text, groups) => {
    expect(parseIPv6(text)).toEqual(groups);
  });
});
