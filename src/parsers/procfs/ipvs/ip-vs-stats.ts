import { splitLines, splitWords } from '../../lines.ts';
import { parseHex, quote } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';

/** Totals of one network namespace since IPVS was loaded or `ipvsadm --zero` was last run. */
export interface IpVsStats {
  readonly connections: number;
  readonly incomingPackets: number;
  /** 0 where every service forwards direct or by tunnel: the replies do not come back this way. */
  readonly outgoingPackets: number;
  readonly incomingBytes: number;
  readonly outgoingBytes: number;
}

/**
 * Parses the totals of /proc/net/ip_vs_stats, as `ip_vs_stats_show()` in net/netfilter/ipvs/ip_vs_ctl.c writes them.
 * The rates below them are left to Prometheus. The kernel's estimator refreshes the file every 2 seconds.
 */
export function parseIpVsStats(text: string): IpVsStats {
  const lines = splitLines(text);
  if (!/^ *Total Incoming Outgoing +Incoming +Outgoing$/.test(lines[0] ?? '')) {
    throw new ParseError(1, `expected the header "Total Incoming Outgoing", got ${quote(lines[0])}`);
  }
  if (!/^ *Conns +Packets +Packets +Bytes +Bytes$/.test(lines[1] ?? '')) {
    throw new ParseError(2, `expected the header "Conns Packets Packets Bytes Bytes", got ${quote(lines[1])}`);
  }
  const words = splitWords(lines[2] ?? '');
  if (words.length !== 5) throw new ParseError(3, `expected 5 columns, got ${words.length}`);
  return {
    connections: parseHex(words[0], 'Conns', 3),
    incomingPackets: parseHex(words[1], 'incoming Packets', 3),
    outgoingPackets: parseHex(words[2], 'outgoing Packets', 3),
    incomingBytes: parseHex(words[3], 'incoming Bytes', 3),
    outgoingBytes: parseHex(words[4], 'outgoing Bytes', 3),
  };
}
