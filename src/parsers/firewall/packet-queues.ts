import { splitLines, splitWords } from '../lines.ts';
import { parseDecimal } from '../numbers.ts';
import type { IptablesTable } from './iptables-tables.ts';
import { at, type Json, listOf } from './nft-json.ts';
import { type NftTables, nameOfChain } from './nft-tables.ts';
import type { FirewallTool } from './rule.ts';

/** A rule that hands packets to a program (NFQUEUE of iptables, `queue` of nftables), which decides over them. */
export interface QueueRule {
  readonly tool: FirewallTool;
  /** As the tool names it: `filter FORWARD`, `inet ips forward`. */
  readonly chain: string;
  /** Where it is in its chain, from 1, for iptables; its handle for nft. */
  readonly position: number;
  /** As iptables takes it after the chain. Empty for nft. */
  readonly rule: string;
  /** Packets are spread over the queues of this range, 0 to 65535. */
  readonly first: number;
  readonly last: number;
  /** Packets of a queue without a program pass. */
  readonly bypasses: boolean;
  /** That met it; undefined where it does not count. */
  readonly packets: number | undefined;
}

export function parseIptablesQueues(tables: readonly IptablesTable[]): QueueRule[] {
  return tables.flatMap(({ tool, name, rules }) =>
    rules
      .filter(({ target }) => target === 'NFQUEUE')
      .map(({ chain, position, text, options, packets }): QueueRule => {
        const [, first = '0', last = first] = /--queue-(?:num|balance) (\d+)(?::(\d+))?/.exec(options) ?? [];
        return {
          tool,
          chain: `${name} ${chain}`,
          position,
          rule: text,
          first: Number(first),
          last: Number(last),
          bypasses: /(^| )--queue-bypass\b/.test(options),
          packets,
        };
      }),
  );
}

/** Rules whose queue a map or a hash chooses are left out. */
export function parseNftQueues({ rules }: NftTables): QueueRule[] {
  return rules.flatMap((rule): QueueRule[] => {
    const queue = rule.expressions.map((one) => at(one, 'queue')).find((one) => one !== undefined);
    const range = queue === undefined ? undefined : rangeOf(at(queue, 'num'));
    if (range === undefined) return [];
    const bypasses = listOf(at(queue, 'flags')).includes('bypass');
    const { handle: position, packets } = rule;
    return [{ tool: 'nft', chain: nameOfChain(rule), position, rule: '', ...range, bypasses, packets }];
  });
}

function rangeOf(num: Json): Pick<QueueRule, 'first' | 'last'> | undefined {
  const [first = num ?? 0, last = first] = listOf(at(num, 'range'));
  return typeof first === 'number' && typeof last === 'number' ? { first, last } : undefined;
}

/** A queue that a program takes packets from. */
export interface PacketQueue {
  readonly number: number;
  /** That found the queue full, or the buffer of the program's socket, since it asked for the queue. */
  readonly droppedPackets: number;
}

/** /proc/net/netfilter/nfnetlink_queue, as `seq_show()` of net/netfilter/nfnetlink_queue.c writes it. */
export function parsePacketQueues(text: string): PacketQueue[] {
  return splitLines(text).map((line, index) => {
    const words = splitWords(line);
    const column = (at: number, name: string) => parseDecimal(words[at], name, index + 1);
    return {
      number: column(0, 'a queue'),
      droppedPackets: column(5, 'the dropped packets') + column(6, 'the packets that the program did not get'),
    };
  });
}
