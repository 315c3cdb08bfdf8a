import { splitLines } from '../../lines.ts';
import { parseDecimal, quote } from '../../numbers.ts';
import { ParseError } from '../../parse-error.ts';

/** What the kernel has in its IPVS tables, of one network namespace. */
export interface IpVsStatus {
  /** Connections and persistence templates: what net.ipv4.vs.conn_max limits. */
  readonly connections: number;
}

/**
 * Parses /proc/net/ip_vs_status, as `ip_vs_status_show()` in net/netfilter/ipvs/ip_vs_ctl.c of Linux 7.1 and later
 * writes it. The lines on buckets vary with what is in them, and are left to who looks into the hash.
 */
export function parseIpVsStatus(text: string): IpVsStatus {
  const [connections, buckets] = splitLines(text);
  const [, count] = /^Conns:\t(\S+)$/.exec(connections ?? '') ?? [];
  if (count === undefined) throw new ParseError(1, `expected "Conns:", got ${quote(connections)}`);
  if (!buckets?.startsWith('Conn buckets:\t')) {
    throw new ParseError(2, `expected "Conn buckets:", got ${quote(buckets)}`);
  }
  return { connections: parseDecimal(count, 'Conns', 1) };
}
