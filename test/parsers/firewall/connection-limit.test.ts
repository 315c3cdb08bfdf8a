import { describe, expect, it } from 'vitest';
import { parseIptablesLimits, parseNftLimits } from '../../../src/parsers/firewall/connection-limit.ts';
import { readIptablesTables } from '../../../src/parsers/firewall/iptables-tables.ts';
import { readNftTables } from '../../../src/parsers/firewall/nft-tables.ts';

describe('parseIptablesLimits()', () => {
  const save = (...rules: readonly string[]) => ['*mangle', ':FORWARD ACCEPT [0:0]', ...rules, 'COMMIT', ''].join('\n');

  it('reads what is limited, its place and what it refused', () => {
    const limit = '-m connlimit --connlimit-above 100 --connlimit-mask 32 --connlimit-daddr';
    const text = save(
      '[9:1] -A FORWARD -j ACCEPT',
      `[7:420] -A FORWARD -d 198.51.100.10/32 -p tcp -m tcp --dport 80 ${limit} -j DROP`,
      `[1:60] -A FORWARD -p tcp ${limit.replace('daddr', 'saddr')} -j REJECT --reject-with tcp-reset`,
    );
    const place = { tool: 'iptables', chain: 'mangle FORWARD', connections: 100 };
    expect(parseIptablesLimits(readIptablesTables(text, 'iptables'))).toEqual([
      { ...place, position: 2, protocol: 'tcp', address: '198.51.100.10', port: '80', packets: 7 },
      { ...place, position: 3, protocol: 'tcp', address: '', port: '', packets: 1 },
    ]);
  });

  it.each([
    '[1:60] -A FORWARD -m connlimit --connlimit-above 100 -j ACCEPT',
    '[1:60] -A FORWARD -m connlimit --connlimit-upto 100 -j DROP',
    '[1:60] -A FORWARD -j DROP',
  ])('passes over %s', (rule) => {
    expect(parseIptablesLimits(readIptablesTables(save(rule), 'iptables'))).toEqual([]);
  });
});

describe('parseNftLimits()', () => {
  const match = (protocol: string, field: string, right: unknown) => ({
    match: { op: '==', left: { payload: { protocol, field } }, right },
  });
  const over = { 'ct count': { val: 60, inv: true } };
  const ruleset = (...expr: readonly unknown[]) =>
    JSON.stringify({ nftables: [{ rule: { family: 'inet', table: 't', chain: 'p', handle: 4, expr } }] });
  const limit = { tool: 'nft', chain: 'inet t p', position: 4, connections: 60 };

  it('reads a limit for one destination', () => {
    const counter = { counter: { packets: 5, bytes: 300 } };
    const rule = [match('ip', 'daddr', '198.51.100.10'), match('tcp', 'dport', 80), over, counter, { drop: null }];
    expect(parseNftLimits(readNftTables(ruleset(...rule)))).toEqual([
      { ...limit, protocol: 'tcp', address: '198.51.100.10', port: '80', packets: 5 },
    ]);
  });

  it('reads a limit for each element of a set', () => {
    const add = { set: { op: 'add', elem: { payload: { protocol: 'ip', field: 'saddr' } }, set: '@s', stmt: [over] } };
    expect(parseNftLimits(readNftTables(ruleset(add, { reject: {} })))).toEqual([
      { ...limit, protocol: '', address: '', port: '', packets: undefined },
    ]);
  });

  it.each([
    ['accepts', [over, { accept: null }]],
    ['counts up to a number', [{ 'ct count': { val: 60 } }, { drop: null }]],
  ])('passes over a rule that %s', (_does, rule) => {
    expect(parseNftLimits(readNftTables(ruleset(...rule)))).toEqual([]);
  });
});
