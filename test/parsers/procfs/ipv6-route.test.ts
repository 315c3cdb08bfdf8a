import { describe, expect, it } from 'vitest';
import { eachIPv6Route, leadsToIPv6, parseDigits } from '../../../src/parsers/procfs/ipv6-route.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

const zero = '0'.repeat(32);
const row = (destination: string, length: string, gateway: string, flags: string, device: string) =>
  `${destination} ${length} ${zero} 00 ${gateway} 00000400 00000001 00000000 ${flags} ${device.padStart(8)}\n`;
const network = 'fd000009000000000000000000000000';
const host = 'fd000009000000000000000000000001';

/** Linux 6.18: a network, a default route, one that refuses, the machine itself, and what is anycast. */
const routes = [
  row(network, '40', zero, '00000001', 'eth0'),
  row(zero, '00', host, '00000003', 'eth0.7'),
  row(zero, '00', zero, '00200200', 'lo'),
  row(host, '80', zero, '80200001', 'eth0'),
  row(network, '80', zero, '80300001', 'eth0'),
].join('');

const parseAll = (text: string) => [...eachIPv6Route(text)];

describe('eachIPv6Route()', () => {
  it('gives the routes to other machines', () => {
    expect(parseAll(routes)).toEqual([
      { interface: 'eth0', destination: network, prefixLength: 64, hasGateway: false },
      { interface: 'eth0.7', destination: zero, prefixLength: 0, hasGateway: true },
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['another file', 'Iface Destination\n', 'Cannot parse line 1: expected a route of IPv6, got "Iface Destination"'],
    [
      'a long prefix',
      row(network, '81', zero, '1', 'a'),
      'Cannot parse line 1: expected a prefix length up to 128, got 129',
    ],
    ['more columns', row(network, '40', zero, '1', 'a b'), 'Cannot parse line 1: expected 10 columns, got 11'],
    ['fewer columns', row(network, '40', zero, '1', ''), 'Cannot parse line 1: expected 10 columns, got 9'],
    [
      'other flags',
      row(network, '40', zero, 'U', 'a'),
      'Cannot parse line 1: expected the flags to be a hexadecimal number, got "U"',
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseAll(text)).toThrow(message);
  });

  it('gives routes or a ParseError for any text', () => expectParsedOrRefused(parseAll, routes));
});

it.each([
  ['fd00:9::2', 64, true],
  ['fd00:9:0:0:1::2', 64, true],
  ['fd00:9:0:1::2', 64, false],
  ['fd00:9:0:1::2', 63, true],
  ['fd00:9:0:2::2', 63, false],
  ['2001:db8::1', 0, true],
  ['2001:db8::1', 1, false],
  ['fd00:9::', 128, true],
  ['fd00:9::1', 128, false],
])('leadsToIPv6() compares %s with %d bits', (address, prefixLength, expected) => {
  expect(
    leadsToIPv6(
      { interface: 'eth0', destination: network, prefixLength, hasGateway: false },
      parseDigits(address) ?? '',
    ),
  ).toBe(expected);
});

it('parseDigits() refuses what is no IPv6 address', () => {
  expect(parseDigits('fd00:9::1')).toBe(host);
  expect(parseDigits('192.0.2.1')).toBeUndefined();
});
