import { splitLines, splitWords } from '../../lines.ts';
import { parseHex, quote } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';
import type { IpVsStats } from './ip-vs-stats.ts';

/**
 * Parses /proc/net/ip_vs_stats_percpu, as `ip_vs_stats_percpu_show()` in net/netfilter/ipvs/ip_vs_ctl.c writes it: what
 * each possible CPU counted, by its number. Unlike the totals, `ipvsadm --zero` does not set them back, and the
 * estimator has no part in them. A malformed row costs the values of its CPU.
 */
export function parseIpVsStatsPerCpu(text: string): Map<number, IpVsStats> {
  const lines = splitLines(text);
  if (!/^CPU +Conns +Packets +Packets +Bytes +Bytes$/.test(lines[1] ?? '')) {
    throw new ParseError(2, `expected the header "CPU Conns Packets Packets Bytes Bytes", got ${quote(lines[1])}`);
  }
  const cpus = new Map<number, IpVsStats>();
  // The sum of all, in the row `~`, is the last one before the rates.
  for (let index = 2; !/^ *~ /.test(lines[index] ?? ''); index++) {
    if (lines[index] === undefined) throw new ParseError(index + 1, 'expected the row "~", got the end of the file');
    const row = readRow(lines[index] ?? '', index + 1);
    if (row) cpus.set(...row);
  }
  return cpus;
}

/** Undefined where the row is malformed: it must not cost the others. */
function readRow(content: string, line: number): [cpu: number, counted: IpVsStats] | undefined {
  const words = splitWords(content);
  try {
    return words.length === 6 ? [parseHex(words[0], 'CPU', line), parseRow(words, line)] : undefined;
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

function parseRow(words: readonly string[], line: number): IpVsStats {
  return {
    connections: parseHex(words[1], 'Conns', line),
    incomingPackets: parseHex(words[2], 'incoming Packets', line),
    outgoingPackets: parseHex(words[3], 'outgoing Packets', line),
    incomingBytes: parseHex(words[4], 'incoming Bytes', line),
    outgoingBytes: parseHex(words[5], 'outgoing Bytes', line),
  };
}
