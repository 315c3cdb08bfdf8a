import { describe, expect, it } from 'vitest';
import { readIptablesTables } from '../../../src/parsers/firewall/iptables-tables.ts';
import { readNftTables } from '../../../src/parsers/firewall/nft-tables.ts';
import { parseIptablesQueues, parseNftQueues, parsePacketQueues } from '../../../src/parsers/firewall/packet-queues.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

describe('parseIptablesQueues()', () => {
  it.each([
    ['-j NFQUEUE --queue-num 0', 0, 0, false],
    ['-i eth0 -j NFQUEUE --queue-num 65535 --queue-bypass', 65_535, 65_535, true],
    ['-j NFQUEUE --queue-balance 1:4 --queue-bypass --queue-cpu-fanout', 1, 4, true],
  ])('reads %s', (rule, first, last, bypasses) => {
    const text = `*mangle\n:FORWARD ACCEPT [0:0]\n[0:0] -A FORWARD -i lo -j ACCEPT\n[7:420] -A FORWARD ${rule}\nCOMMIT\n`;
    const place = { tool: 'ip6tables', chain: 'mangle FORWARD', position: 2, rule, packets: 7 };
    expect(parseIptablesQueues(readIptablesTables(text, 'ip6tables'))).toEqual([{ ...place, first, last, bypasses }]);
  });
});

/** As libnftables-json(5) has it. */
describe('parseNftQueues()', () => {
  const queues = (queue: unknown) =>
    parseNftQueues(
      readNftTables(
        JSON.stringify({
          nftables: [{ rule: { family: 'inet', table: 'f', chain: 'c', handle: 4, expr: [{ queue }] } }],
        }),
      ),
    );

  it.each([
    ['a number', { num: 3 }, { first: 3, last: 3, bypasses: false }],
    ['a range', { num: { range: [0, 3] }, flags: ['bypass', 'fanout'] }, { first: 0, last: 3, bypasses: true }],
    ['one flag', { num: 1, flags: 'bypass' }, { first: 1, last: 1, bypasses: true }],
    ['none, which is 0', null, { first: 0, last: 0, bypasses: false }],
  ])('reads %s', (_what, queue, expected) => {
    expect(queues(queue)).toEqual([
      { tool: 'nft', chain: 'inet f c', position: 4, rule: '', packets: undefined, ...expected },
    ]);
  });

  it('leaves out a queue that a map chooses', () => {
    expect(queues({ num: { map: { key: { meta: { key: 'mark' } }, data: '@queues' } } })).toEqual([]);
  });
});

describe('parsePacketQueues()', () => {
  /** Linux 6.18: a program that takes every packet, and one that takes none of the 20 that its queue has room for. */
  const text =
    '    0  24903     0 1     0     0     0      934  1\n    7  25111    20 1     0   880     0       20  1\n';

  it('reads the queues of programs, and what they lost', () => {
    expect(parsePacketQueues(text)).toEqual([
      { number: 0, droppedPackets: 0 },
      { number: 7, droppedPackets: 880 },
    ]);
    expect(parsePacketQueues('')).toEqual([]);
  });

  it('reads damaged text or refuses it', () => expectParsedOrRefused(parsePacketQueues, text));
});
