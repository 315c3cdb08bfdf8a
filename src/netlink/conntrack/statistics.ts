import type { CpuCounters } from '../../parsers/procfs/conntrack/nf-conntrack-stat.ts';
import { align, attributeEnd, attributeType, attributeUint32, malformed } from '../messages.ts';
import { nfgenmsgLength } from './flow-message.ts';

/** How full the table of a network namespace is. */
export interface TableSize {
  /** Flows of the namespace, with those that expired but were not yet removed. */
  readonly entries: number;
  /** nf_conntrack_max, one number for the whole kernel; 0 is no limit. Undefined before Linux 4.18, which does not report it. */
  readonly limit: number | undefined;
}

/** What one CPU counted. */
export interface CpuStatistics {
  readonly cpu: number;
  /** By the column's name in /proc/net/stat/nf_conntrack, so that either source serves. 32 bits each: they wrap. */
  readonly counters: CpuCounters;
}

/** `enum ctattr_stats_global` */
const CTA_STATS_GLOBAL_ENTRIES = 1;
const CTA_STATS_GLOBAL_MAX_ENTRIES = 2;

/** `enum ctattr_stats_cpu`. Left out is what kernels send no longer: searched, new, ignore, delete, delete_list. */
const columns = new Map([
  [2, 'found'], // CTA_STATS_FOUND
  [4, 'invalid'], // CTA_STATS_INVALID
  [8, 'insert'], // CTA_STATS_INSERT
  [9, 'insert_failed'], // CTA_STATS_INSERT_FAILED
  [10, 'drop'], // CTA_STATS_DROP
  [11, 'early_drop'], // CTA_STATS_EARLY_DROP
  [12, 'icmp_error'], // CTA_STATS_ERROR
  [13, 'search_restart'], // CTA_STATS_SEARCH_RESTART
  [14, 'clashres'], // CTA_STATS_CLASH_RESOLVE
  [15, 'chainlength'], // CTA_STATS_CHAIN_TOOLONG
]);

/** Reads the answer to IPCTNL_MSG_CT_GET_STATS. Source: ctnetlink_stat_ct_fill_info(). */
export function decodeTableSize(bytes: DataView, start: number, stop: number): TableSize {
  const numbers = decodeNumbers(bytes, start, stop);
  const entries = numbers.get(CTA_STATS_GLOBAL_ENTRIES);
  if (entries === undefined) throw malformed(start, 'the statistics have no number of entries');
  return { entries, limit: numbers.get(CTA_STATS_GLOBAL_MAX_ENTRIES) };
}

/** Reads one answer to IPCTNL_MSG_CT_GET_STATS_CPU. Source: ctnetlink_ct_stat_cpu_fill_info(). */
export function decodeCpuStatistics(bytes: DataView, start: number, stop: number): CpuStatistics {
  const counters = new Map<string, number>();
  for (const [type, value] of decodeNumbers(bytes, start, stop)) {
    const column = columns.get(type);
    if (column !== undefined) counters.set(column, value);
  }
  // nfgenmsg.res_id is the number of the CPU.
  return { cpu: bytes.getUint16(start + 2), counters };
}

/** The attributes of a message, all of which are 32-bit numbers, by their type. */
function decodeNumbers(bytes: DataView, start: number, stop: number): Map<number, number> {
  if (stop - start < nfgenmsgLength) throw malformed(start, 'a message has no nfgenmsg');
  const numbers = new Map<number, number>();
  for (let at = start + nfgenmsgLength; at < stop; ) {
    const end = attributeEnd(bytes, at, stop);
    numbers.set(attributeType(bytes, at), attributeUint32(bytes, at, end));
    at = align(end);
  }
  return numbers;
}
