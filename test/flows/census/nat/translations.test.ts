import { expect, it } from 'vitest';
import { createTranslations } from '../../../../src/flows/census/nat/translations.ts';
import { parseIPv6 } from '../../../../src/identity/address.ts';
import { createFlow } from '../../../../src/identity/flow.ts';
import { parseNfConntrackLine } from '../../../../src/parsers/procfs/conntrack/nf-conntrack.ts';

const flow4 = (source: string, translated: string, rest = '') =>
  `ipv4     2 udp      17 30 src=${source} dst=192.0.2.9 sport=5000 dport=53 ${rest}src=192.0.2.9 dst=${translated} sport=53 dport=5000 mark=0 zone=0 use=2\n`;
/** As the kernel writes an IPv6 address. */
const whole = (address: string) =>
  parseIPv6(address)
    ?.map((group) => group.toString(16).padStart(4, '0'))
    .join(':');
const flow6 = (source: string, translated: string) =>
  `ipv6     10 udp      17 30 src=${whole(source)} dst=${whole('2001:db8::9')} sport=5000 dport=53 src=${whole('2001:db8::9')} dst=${whole(translated)} sport=53 dport=5000 mark=0 zone=0 use=2\n`;

function listOf(text: string) {
  const translations = createTranslations(7);
  const flow = createFlow();
  for (const line of text.trim().split('\n')) {
    parseNfConntrackLine(line, 1, flow);
    translations.add(flow);
  }
  return translations.list();
}

it('counts flows by the address that NAT gives to their source', () => {
  const table = [
    flow4('10.0.0.1', '198.51.100.1'),
    flow4('10.0.0.2', '198.51.100.1', '[UNREPLIED] '),
    flow4('10.0.0.1', '10.0.0.1'),
    flow6('fd00::1', '2001:db8::1'),
    flow6('fd00::1', '2001:db8::1'),
    flow6('fd00::1', '2001:db8::1:0:0:1'),
    flow6('fd00::1', 'fd00::1'),
    // The same first word as the IPv4 address above.
    flow6('fd00::1', 'c633:6401::'),
  ];
  expect(listOf(table.join(''))).toEqual([
    { address: '198.51.100.1', counted: 2, unreplied: 1 },
    { address: '2001:db8::1', counted: 2, unreplied: 0 },
    { address: '2001:db8::1:0:0:1', counted: 1, unreplied: 0 },
    { address: 'c633:6401::', counted: 1, unreplied: 0 },
  ]);
});

const numbered = (number: number) => `198.51.${number >> 8}.${number & 255}`;

it('counts those of 1,024 addresses, whatever comes after', () => {
  const first = Array.from({ length: 1024 }, (_, number) => flow4('10.0.0.1', numbered(number)));
  const list = listOf([...first, flow4('10.0.0.1', '203.0.113.1'), flow4('10.0.0.1', numbered(3))].join(''));
  expect(list).toHaveLength(1024);
  expect(list.filter(({ counted }) => counted > 1)).toEqual([{ address: numbered(3), counted: 2, unreplied: 0 }]);
});
