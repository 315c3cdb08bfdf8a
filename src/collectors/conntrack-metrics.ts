import { counter, gauge } from '../scrape/metric.ts';

const cpuCounter = (name: `conntrack_${string}_total`, help: string) =>
  counter(name, `${help} Wraps at 2^32.`, ['cpu']);

export const conntrackEntries = gauge(
  'conntrack_entries',
  'Tracked flows of this network namespace, with those that expired but were not yet removed.',
);
export const conntrackEntriesLimit = gauge(
  'conntrack_entries_limit',
  'Maximum number of flows that a network namespace may track. One number for the whole kernel. 0 means no limit.',
);
export const conntrackBuckets = gauge(
  'conntrack_buckets',
  'Buckets of the hash table that all network namespaces share.',
);
export const conntrackExpectationsLimit = gauge(
  'conntrack_expectations_limit',
  'Maximum number of expected connections, of helpers such as FTP.',
);
export const conntrackExpectations = gauge(
  'conntrack_expectations',
  'Connections that helpers such as FTP and SIP expect in this network namespace. Only known where the kernel has /proc/net/stat/nf_conntrack.',
);
export const conntrackTimeoutSeconds = gauge(
  'conntrack_timeout_seconds',
  'Time that a flow stays after its last packet. The state is empty for a protocol without states, before its first reply.',
  ['protocol', 'state'],
);
export const conntrackSetting = gauge(
  'conntrack_setting',
  'Every other setting below net.netfilter.nf_conntrack_, unchanged.',
  ['name'],
);
export const conntrackFoundTotal = cpuCounter(
  'conntrack_found_total',
  'Searches for a free NAT tuple that found a used one.',
);
export const conntrackInvalidTotal = cpuCounter(
  'conntrack_invalid_total',
  'Packets that cannot be tracked, such as every later client packet of a one-way connection.',
);
export const conntrackInsertFailedTotal = cpuCounter(
  'conntrack_insert_failed_total',
  'New flows lost on insertion into the table.',
);
export const conntrackDropTotal = cpuCounter(
  'conntrack_drop_total',
  'Packets dropped: table full with nothing to evict, or a failed insertion.',
);
export const conntrackEarlyDropTotal = cpuCounter(
  'conntrack_early_drop_total',
  'Flows evicted from a full table to make room.',
);
export const conntrackErrorTotal = cpuCounter(
  'conntrack_error_total',
  'Packets refused by a check of their protocol, such as bad ICMP.',
);
export const conntrackSearchRestartTotal = cpuCounter(
  'conntrack_search_restart_total',
  'Lookups restarted because the hash table was resized.',
);
export const conntrackClashResolvedTotal = cpuCounter(
  'conntrack_clash_resolved_total',
  'Insertion races resolved. Counted since Linux 5.10.',
);
export const conntrackChainTooLongTotal = cpuCounter(
  'conntrack_chain_too_long_total',
  'New flows refused because their hash chain was too long. Counted since Linux 5.15.',
);
