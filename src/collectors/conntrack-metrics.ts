import { counter, gauge } from '../scrape/metric.ts';

const cpuCounter = (name: `conntrack_${string}_total`, help: string) =>
  counter(name, `${help} Wraps at 2^32.`, ['cpu']);

export const conntrackEntries = gauge(
  'conntrack_entries',
  'Tracked flows of this network namespace, with those that expired but were not yet removed.',
);
export const conntrackEntriesLimit = gauge(
  'conntrack_entries_limit',
  'Most flows that a network namespace may track. One number for the whole kernel. 0 means no limit.',
);
export const conntrackBuckets = gauge(
  'conntrack_buckets',
  'Buckets of the hash table that all network namespaces share.',
);
export const conntrackExpectationsLimit = gauge(
  'conntrack_expectations_limit',
  'Most expected connections, of helpers such as FTP.',
);
export const conntrackTimeoutSeconds = gauge(
  'conntrack_timeout_seconds',
  'How long a flow stays after its last packet. An empty state is that of a protocol without states: one not replied to.',
  ['protocol', 'state'],
);
export const conntrackSetting = gauge(
  'conntrack_setting',
  'Every other setting below net.netfilter.nf_conntrack_, as it is.',
  ['name'],
);
export const conntrackFoundTotal = cpuCounter(
  'conntrack_found_total',
  'Searches for a free NAT tuple that met a used one.',
);
export const conntrackInvalidTotal = cpuCounter(
  'conntrack_invalid_total',
  'Packets that cannot be tracked: every later client packet of a half-seen connection is one.',
);
export const conntrackInsertFailedTotal = cpuCounter(
  'conntrack_insert_failed_total',
  'New flows lost when they were to be inserted.',
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
  'Insertion races resolved. Counted from Linux 5.10 on.',
);
export const conntrackChainTooLongTotal = cpuCounter(
  'conntrack_chain_too_long_total',
  'New flows refused because their hash chain was too long. Counted from Linux 5.15 on.',
);
