import { splitLines, splitWords } from '../../lines.ts';
import { parseHex, quote } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';
import type { IpVsStats } from './ip-vs-stats.ts';

/**
 * Parses /proc/net/ip_vs_stats_percpu, as `ip_vs_stats_percpu_show()` in net/netfilter/ipvs/ip_vs_ctl.c writes it: what
 * each possible CPU counted, by its number, also of one that is offline. Unlike the totals, `ipvsadm --zero` does not set
 * them back, and the estimator has no part in them. Columns behind those that are known are left out.
 */
export function parseIpVsStatsPerCpu(text: string): Map<number, IpVsStats> {
  const lines = splitLines(text);
  const header = splitWords(lines[1] ?? '');
  if (known.some((name, index) => header[index] !== name)) {
    throw new ParseError(2, `expected the header "${known.join(' ')}", got ${quote(lines[1])}`);
  }
  const cpus = new Map<number, IpVsStats>();
  // The sum of all, in the row `~`, is the last one before the rates.
  for (let index = 2; ; index++) {
    const words = splitWords(lines[index] ?? '');
    if (words.length === 0) throw new ParseError(index + 1, `expected the row "~", got ${quote(lines[index])}`);
    if (words.length !== header.length) {
      throw new ParseError(index + 1, `expected ${header.length} columns, got ${words.length}`);
    }
    if (words[0] === '~') return cpus;
    const cpu = parseHex(words[0], 'CPU', index + 1);
    if (cpus.has(cpu)) throw new ParseError(index + 1, `expected each CPU once, got ${cpu} again`);
    cpus.set(cpu, parseRow(words, index + 1));
  }
}

const known = ['CPU', 'Conns', 'Packets', 'Packets', 'Bytes', 'Bytes'];

function parseRow(words: readonly string[], line: number): IpVsStats {
  return {
    connections: parseHex(words[1], 'Conns', line),
    incomingPackets: parseHex(words[2], 'incoming Packets', line),
    outgoingPackets: parseHex(words[3], 'outgoing Packets', line),
    incomingBytes: parseHex(words[4], 'incoming Bytes', line),
    outgoingBytes: parseHex(words[5], 'outgoing Bytes', line),
  };
}
