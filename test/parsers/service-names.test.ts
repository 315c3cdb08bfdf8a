import { describe, expect, it } from 'vitest';
import { parseServiceNames } from '../../src/parsers/service-names.ts';
import { expectParsedOrRefused } from './hostile-input.ts';

const service = (protocol: string, address: string, port: string) => ({ protocol, address, port, fwmark: '' });
const mark = (fwmark: string, family?: string) => {
  return { protocol: '', address: '', port: '', fwmark, ...(family !== undefined && { family }) };
};

const file = `# what people call them
203.0.113.80:443: web shop
udp 203.0.113.80:443: web shop over QUIC
203.0.113.80: web
"[2001:DB8:0::80]:443": web shop
2001:db8::53: resolver
UDP 203.0.113.53:053: 7
mark 7: mail
firewall mark 7 (ipv6): mail over IPv6
FWM 0x10: "logs: all"
`;

describe('parseServiceNames()', () => {
  it.each([
    [service('tcp', '203.0.113.80', '443'), 'web shop'],
    [service('udp', '203.0.113.80', '443'), 'web shop over QUIC'],
    [service('tcp', '203.0.113.80', '80'), 'web'],
    [service('tcp', '203.0.113.8', '443'), undefined],
    [service('sctp', '2001:db8::80', '443'), 'web shop'],
    [service('tcp', '2001:db8::80', '80'), undefined],
    [service('tcp', '2001:db8::53', '0'), 'resolver'],
    [service('udp', '203.0.113.53', '53'), '7'],
    [service('tcp', '203.0.113.53', '53'), undefined],
    [mark('7'), 'mail'],
    [mark('7', 'ipv4'), 'mail'],
    [mark('7', 'ipv6'), 'mail over IPv6'],
    [mark('16', 'ipv4'), 'logs: all'],
    [mark('10'), undefined],
  ])('%j is %s', (identity, name) => {
    expect(parseServiceNames(file)(identity)).toBe(name);
  });

  it.each(['', '# nothing yet\n', '---\n', '{}', '\uFEFF'])('reads no names from %j', (text) => {
    expect(parseServiceNames(text)(mark('7'))).toBeUndefined();
  });

  it('reads a file with a byte order mark and with line ends of Windows', () => {
    expect(parseServiceNames('\uFEFFmark 7: mail\r\nmark 8: web\r\n')(mark('8'))).toBe('web');
  });

  it.each([
    ['no address', 'mark 1: a\nweb.example.com:443: shop', 2, '"web.example.com:443"'],
    ['an octet above 255', '203.0.113.300:80: shop', 1, '"203.0.113.300:80"'],
    ['a port above 65535', '\n203.0.113.80:99999: shop', 2, '"203.0.113.80:99999"'],
    ['an unknown protocol', 'icmp 203.0.113.80: shop', 1, '"icmp 203.0.113.80"'],
    ['a network', '203.0.113.0/24: shop', 1, '"203.0.113.0/24"'],
    ['a number alone', '7: mail', 1, '"7"'],
    ['mark 0', 'mark 0: mail', 1, '"mark 0"'],
    ['a mark of more than 32 bits', 'mark 4294967296: mail', 1, '"mark 4294967296"'],
    ['no name', '# shop\n203.0.113.80:80:\n', 2, 'nothing'],
    ['an empty name', '203.0.113.80:80: " "', 1, '" "'],
    ['a name of two lines', 'mark 1: "a\\nb"', 1, '"a\\nb"'],
    ['a name that is too long', `mark 1: ${'x'.repeat(101)}`, 1, '101'],
    ['a list in place of a name', 'mark 1: a\nmark 2:\n  - b', 2, 'a list or a section'],
    ['a list', '- 203.0.113.80:80', 1, 'a list or a section'],
    ['a text', 'web shop', 1, '"web shop"'],
    ['the same twice', 'mark 7: a\nfwmark 0x7: b', 2, '"fwmark 0x7" as in line 1'],
    [
      'the same address twice',
      '"[2001:db8::1]:80": a\n"[2001:db8:0::1]:80": b',
      2,
      '"[2001:db8:0::1]:80" as in line 1',
    ],
    ['an alias', 'mark 1: &name web\nmark 2: *name', 2, 'a list or a section'],
  ])('refuses %s, with its line', (_, text, line, got) => {
    expect(() => parseServiceNames(text)).toThrow(
      expect.objectContaining({ line, problem: expect.stringContaining(`got ${got}`) }),
    );
  });

  it.each([
    ['an IPv6 address without quotes', 'mark 1: a\n[2001:db8::80]:443: shop\n', 2],
    ['an indented line', 'mark 1: a\n  mark 2: b\n', 1],
    ['a tab', 'mark 1:\n\tmark 2: b\n', 2],
    ['an open quote', 'mark 1: "a\n', 2],
  ])('refuses %s, which is not YAML', (_, text, line) => {
    expect(() => parseServiceNames(text)).toThrow(expect.objectContaining({ name: 'ParseError', line }));
  });

  it('reads or refuses whatever a file may have become', () => {
    expectParsedOrRefused((text) => [parseServiceNames(text)(mark('7'))], file);
  });
});
