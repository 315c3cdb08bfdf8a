import { expect, it } from 'vitest';
import { parseIptablesTargets, parseNftTargets } from '../../../src/parsers/firewall/destination-nat.ts';
import { readIptablesTables } from '../../../src/parsers/firewall/iptables-tables.ts';
import { readNftTables } from '../../../src/parsers/firewall/nft-tables.ts';

/** What iptables-save 1.8.9 prints of such rules. */
it.each([
  ['DNAT --to-destination 10.0.0.3', ['10.0.0.3']],
  ['DNAT --to-destination 10.0.0.3:53', ['10.0.0.3']],
  ['DNAT --to-destination 1.2.3.4-1.2.3.9:5-9 --random --persistent', ['1.2.3.4-1.2.3.9']],
  ['DNAT --to-destination :5', []],
  ['DNAT --to-destination [2001:db8::1]:5', ['2001:db8::1']],
  ['DNAT --to-destination 2001:db8::1', ['2001:db8::1']],
  ['DNAT --to-destination 2001:db8::1-2001:db8::5', ['2001:db8::1-2001:db8::5']],
  ['DNAT --to-destination [2001:db8::1-2001:db8::4]:5', ['2001:db8::1-2001:db8::4']],
  ['NETMAP --to 10.0.0.0/24', ['?']],
  ['REDIRECT --to-ports 5', []],
  ['SNAT --to-source 10.0.0.3', []],
])('-j %s', (target, expected) => {
  const text = `*nat\n:PREROUTING ACCEPT [0:0]\n[1:60] -A PREROUTING -p udp -m udp --dport 1 -j ${target}\nCOMMIT\n`;
  const targets = parseIptablesTargets(readIptablesTables(text, 'iptables'));
  expect(targets.map(({ addresses }) => addresses)).toEqual(expected);
});

/** What nft 1.0.6 prints of such rules. */
it.each([
  ['dnat to 10.0.0.3', { addr: '10.0.0.3' }, ['10.0.0.3']],
  ['dnat to 10.0.0.3-10.0.0.5:80', { addr: { range: ['10.0.0.3', '10.0.0.5'] }, port: 80 }, ['10.0.0.3-10.0.0.5']],
  ['dnat to :81', { port: 81 }, []],
  [
    'dnat to numgen inc mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }',
    {
      addr: {
        map: {
          key: { numgen: { mode: 'inc', mod: 2, offset: 0 } },
          data: {
            set: [
              [0, '10.0.0.1'],
              [1, '10.0.0.2'],
            ],
          },
        },
      },
    },
    ['10.0.0.1', '10.0.0.2'],
  ],
  [
    'dnat ip to numgen inc mod 1 map { 0 : 10.0.0.1 . 80 }',
    { family: 'ip', addr: { map: { key: {}, data: { set: [[0, { concat: ['10.0.0.1', 80] }]] } } } },
    ['10.0.0.1'],
  ],
  ['dnat ip addr . port to ip daddr map @m', { family: 'ip', addr: { map: { key: {}, data: '@m' } } }, ['?']],
  ['dnat prefix to 10.1.0.0/16', { addr: { prefix: { addr: '10.1.0.0', len: 16 } }, flags: 'netmap' }, ['?']],
])('%s', (_rule, dnat, expected) => {
  const rule = { family: 'ip', table: 'n', chain: 'pre', handle: 2, expr: [{ counter: { packets: 1 } }, { dnat }] };
  const text = JSON.stringify({ nftables: [{ rule }] });
  expect(parseNftTargets(readNftTables(text)).map(({ addresses }) => addresses)).toEqual(expected);
});
