import { describe, expect, it } from 'vitest';
import { parseNftRuleset } from '../../../src/parsers/firewall/nft-ruleset.ts';
import { readNftTables } from '../../../src/parsers/firewall/nft-tables.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

const rule = (chain: string, ...expr: readonly unknown[]) => ({
  rule: { family: 'inet', table: 't', chain, handle: 1, expr },
});
const payload = (protocol: string, field: string, right: unknown, op = '==') => ({
  match: { op, left: { payload: { protocol, field } }, right },
});
const state = (right: unknown) => ({ match: { op: 'in', left: { ct: { key: 'state' } }, right } });
const counter = { counter: { packets: 9, bytes: 540 } };
const print = (...rules: readonly unknown[]) =>
  JSON.stringify({
    nftables: [{ metainfo: { version: '1.0.6' } }, { table: { family: 'inet', name: 't' } }, ...rules],
  });

/** What nft 1.0.6 prints for rules of these kinds. */
const ruleset = print(
  rule(
    'pre',
    payload('ip', 'daddr', '10.0.0.100'),
    payload('tcp', 'dport', { set: [80, { range: [8000, 8080] }] }),
    counter,
    {
      notrack: null,
    },
  ),
  rule(
    'pre',
    payload('ip6', 'daddr', { set: ['fd00::1', 'fd00::2'] }),
    { match: { op: '==', left: { meta: { key: 'l4proto' } }, right: 'udp' } },
    { notrack: null },
  ),
  rule('pre', payload('ip', 'daddr', { prefix: { addr: '10.1.0.0', len: 16 } }), payload('ip', 'protocol', 'tcp'), {
    notrack: null,
  }),
  rule('pre', payload('ip', 'daddr', '10.0.0.9', '!='), { notrack: null }),
  rule('forward', state(['invalid', 'untracked']), counter, { drop: null }),
  rule('forward', state('established'), { accept: null }),
  rule('input', {
    vmap: {
      key: { ct: { key: 'state' } },
      data: {
        set: [
          ['established', { accept: null }],
          ['invalid', { drop: null }],
        ],
      },
    },
  }),
);

describe('parseNftRuleset()', () => {
  it('reads the rules that concern direct return', () => {
    const notrack = { action: 'notrack', chain: 'inet t pre', packets: undefined };
    const drop = { action: 'drop_invalid', protocol: '', destination: '', ports: [] };
    expect(parseNftRuleset(readNftTables(ruleset))).toEqual([
      { ...notrack, protocol: 'tcp', destination: '10.0.0.100', ports: ['80', '8000:8080'], packets: 9 },
      { ...notrack, protocol: 'udp', destination: 'fd00::1', ports: [] },
      { ...notrack, protocol: 'udp', destination: 'fd00::2', ports: [] },
      { ...notrack, protocol: 'tcp', destination: '10.1.0.0/16', ports: [] },
      { ...drop, chain: 'inet t forward', packets: 9 },
      { ...drop, chain: 'inet t input', packets: undefined },
    ]);
  });

  it('reads where synproxy answers', () => {
    const port = { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 80 } };
    const states = { match: { op: 'in', left: { ct: { key: 'state' } }, right: ['invalid', 'untracked'] } };
    const expr = [port, states, { synproxy: { mss: 1460, wscale: 7 } }];
    const text = JSON.stringify({
      nftables: [{ rule: { family: 'ip', table: 't', chain: 'forward', handle: 4, expr } }],
    });
    const rule = { action: 'synproxy', chain: 'ip t forward', protocol: 'tcp', destination: '', ports: ['80'] };
    expect(parseNftRuleset(readNftTables(text))).toEqual([{ ...rule, packets: undefined }]);
  });

  it.each([
    ['what is no JSON', '{', 'Cannot parse line 1: expected JSON'],
    ['another object', '{}', 'Cannot parse line 1: expected an object with a list "nftables"'],
  ])('refuses %s', (_what, text, message) => {
    expect(() => readNftTables(text)).toThrow(message);
  });

  it('gives rules or a ParseError for any text', () =>
    expectParsedOrRefused((text) => parseNftRuleset(readNftTables(text)), ruleset));
});
