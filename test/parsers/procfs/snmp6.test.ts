import { expect, it } from 'vitest';
import { parseSnmp6Counter } from '../../../src/parsers/procfs/snmp6.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

/** Of Linux 6.18. */
const text = `Ip6InReceives                   \t12
Ip6InDelivers                   \t11
Ip6OutForwDatagrams             \t7
Icmp6InMsgs                     \t3
`;

it('parseSnmp6Counter() reads one counter', () => {
  expect(parseSnmp6Counter(text, 'Ip6OutForwDatagrams')).toBe(7);
  expect(parseSnmp6Counter(text, 'Ip6OutTransmits')).toBeUndefined();
  expect(parseSnmp6Counter(text, 'Ip6In')).toBeUndefined();
});

it('parseSnmp6Counter() reads damaged text or refuses it', () => {
  expectParsedOrRefused((one) => parseSnmp6Counter(one, 'Ip6InDelivers') ?? null, text);
});
