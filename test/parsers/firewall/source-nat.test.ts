import { expect, it } from 'vitest';
import { readIptablesTables } from '../../../src/parsers/firewall/iptables-tables.ts';
import { readNftTables } from '../../../src/parsers/firewall/nft-tables.ts';
import { parseIptablesSourceNat, parseNftSourceNat } from '../../../src/parsers/firewall/source-nat.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

/** iptables-save v1.8.9 (nf_tables). */
const saved = `*nat
:POSTROUTING ACCEPT [0:0]
[0:0] -A POSTROUTING -s 10.9.0.0/16 -j RETURN
[7:420] -A POSTROUTING -s 10.0.0.0/8 -p tcp -m comment --comment "a b" -j SNAT --to-source 198.51.100.1-198.51.100.3:40000-40099 --random-fully
[0:0] -A DOCKER -s 10.1.0.0/16 -p tcp -j MASQUERADE --to-ports 1000-1010
COMMIT
*filter
[0:0] -A POSTROUTING -j SNAT --to-source 192.0.2.1
COMMIT
`;

it('parseIptablesSourceNat() reads ports, addresses and the place of each rule', () => {
  const [first, second, ...others] = parseIptablesSourceNat(readIptablesTables(saved, 'iptables'));
  expect(first).toMatchObject({
    chain: 'POSTROUTING',
    position: 2,
    addresses: '198.51.100.1-198.51.100.3',
    ports: '40000-40099',
    isRandom: true,
    packets: 7,
  });
  expect(second).toMatchObject({ chain: 'DOCKER', position: 1, addresses: '', ports: '1000-1010', isRandom: false });
  expect(others).toEqual([]);
});

it.each([
  ['[fd00::1]:1000-2000', '[fd00::1]', '1000-2000'],
  ['fd00::1', 'fd00::1', ''],
  ['198.51.100.1', '198.51.100.1', ''],
])('parseIptablesSourceNat() reads %s', (source, addresses, ports) => {
  const text = `*nat\n[0:0] -A POSTROUTING -p tcp -j SNAT --to-source ${source}\nCOMMIT\n`;
  expect(parseIptablesSourceNat(readIptablesTables(text, 'ip6tables'))).toMatchObject([{ addresses, ports }]);
});

/** nft v1.0.6. */
const listed = JSON.stringify({
  nftables: [
    {
      rule: {
        family: 'ip',
        table: 'n',
        chain: 'post',
        handle: 2,
        expr: [
          { match: { op: '==', left: { meta: { key: 'l4proto' } }, right: 'udp' } },
          { snat: { addr: '198.51.100.1', port: { range: [50000, 50019] } } },
        ],
      },
    },
    {
      rule: {
        family: 'ip',
        table: 'n',
        chain: 'post',
        handle: 3,
        expr: [{ counter: { packets: 5, bytes: 300 } }, { masquerade: { flags: 'fully-random' } }],
      },
    },
    { rule: { family: 'ip', table: 'n', chain: 'post', handle: 4, expr: [{ masquerade: null }] } },
    { rule: { family: 'ip', table: 'n', chain: 'post', handle: 5, expr: [{ accept: null }] } },
  ],
});

it('parseNftSourceNat() reads ports, flags and the handle of each rule', () => {
  const common = { tool: 'nft', chain: 'ip n post', rule: '' };
  expect(parseNftSourceNat(readNftTables(listed))).toEqual([
    { ...common, position: 2, ports: '50000-50019', addresses: '198.51.100.1', isRandom: false, packets: undefined },
    { ...common, position: 3, ports: '', addresses: '', isRandom: true, packets: 5 },
    { ...common, position: 4, ports: '', addresses: '', isRandom: false, packets: undefined },
  ]);
});

it('the parsers of source NAT parse or refuse whatever comes', () => {
  expectParsedOrRefused((text) => parseIptablesSourceNat(readIptablesTables(text, 'iptables')), saved);
  expectParsedOrRefused((text) => parseNftSourceNat(readNftTables(text)), listed);
});
