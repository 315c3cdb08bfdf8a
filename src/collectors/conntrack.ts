import type { Collector } from '../scrape/collector.ts';
import { sourceInfo } from '../scrape/exporter-metrics.ts';
import { counter, gauge, type Sample, sample } from '../scrape/metric.ts';
import { type CpuCounterReading, readCpuCounters, readSysctls } from './conntrack-source.ts';

const entries = gauge(
  'conntrack_entries',
  'Tracked flows of this network namespace, with those that expired but were not yet removed.',
);
const entriesLimit = gauge(
  'conntrack_entries_limit',
  'Most flows that a network namespace may track. One number for the whole kernel. 0 means no limit.',
);
const buckets = gauge('conntrack_buckets', 'Buckets of the hash table that all network namespaces share.');
const expectationsLimit = gauge('conntrack_expectations_limit', 'Most expected connections, of helpers such as FTP.');
const timeout = gauge(
  'conntrack_timeout_seconds',
  'How long a flow stays after its last packet. An empty state is that of a protocol without states: one not replied to.',
  ['protocol', 'state'],
);
const setting = gauge('conntrack_setting', 'Every other setting below net.netfilter.nf_conntrack_, as it is.', [
  'name',
]);

const cpuCounter = (name: `conntrack_${string}_total`, help: string) =>
  counter(name, `${help} Wraps at 2^32.`, ['cpu']);

/**
 * Counters by their column in /proc/net/stat/nf_conntrack. Left out because current kernels never count them (always
 * 0): searched, new, ignore, delete, delete_list; because only netlink moves it: insert; and the expect_ columns.
 */
const cpuCounters = {
  found: cpuCounter('conntrack_found_total', 'Searches for a free NAT tuple that met a used one.'),
  invalid: cpuCounter(
    'conntrack_invalid_total',
    'Packets that cannot be tracked: every later client packet of a half-seen connection is one.',
  ),
  insert_failed: cpuCounter('conntrack_insert_failed_total', 'New flows lost when they were to be inserted.'),
  drop: cpuCounter('conntrack_drop_total', 'Packets dropped: table full with nothing to evict, or a failed insertion.'),
  early_drop: cpuCounter('conntrack_early_drop_total', 'Flows evicted from a full table to make room.'),
  icmp_error: cpuCounter('conntrack_error_total', 'Packets refused by a check of their protocol, such as bad ICMP.'),
  search_restart: cpuCounter('conntrack_search_restart_total', 'Lookups restarted because the hash table was resized.'),
  clashres: cpuCounter('conntrack_clash_resolved_total', 'Insertion races resolved. Counted from Linux 5.10 on.'),
  chainlength: cpuCounter(
    'conntrack_chain_too_long_total',
    'New flows refused because their hash chain was too long. Counted from Linux 5.15 on.',
  ),
} as const;

/** Count, limit, settings and counters of the connection tracking of a network namespace. Needs no privilege. */
export const conntrack: Collector = {
  name: 'conntrack',
  help: 'Connection tracking: count, limit and settings from /proc/sys/net/netfilter, counters from /proc/net/stat/nf_conntrack.',
  metrics: [entries, entriesLimit, buckets, expectationsLimit, timeout, setting, ...Object.values(cpuCounters)],
  async collect(host) {
    // First the settings: to ask over netlink makes the kernel load a module that is not.
    const sysctls = await readSysctls(host);
    const counters = await readCpuCounters(host);
    return [
      sample(sourceInfo, 1, { collector: 'conntrack', source: 'sysctl' }),
      ...[...sysctls].map(([name, value]) => sampleSysctl(name, value)),
      ...(counters ? sampleCounters(counters) : []),
    ];
  },
};

function sampleSysctl(name: string, value: number): Sample {
  const own = gaugesByName.get(name);
  if (own) return sample(own, value);
  const labels = timeoutLabels(name);
  return labels ? sample(timeout, value, labels) : sample(setting, value, { name: name.replace('nf_conntrack_', '') });
}

const gaugesByName = new Map([
  ['nf_conntrack_count', entries],
  ['nf_conntrack_max', entriesLimit],
  ['nf_conntrack_buckets', buckets],
  ['nf_conntrack_expect_max', expectationsLimit],
]);

/** `nf_conntrack_tcp_timeout_syn_sent`, `nf_conntrack_udp_timeout`, `nf_flowtable_tcp_timeout`. */
function timeoutLabels(name: string): { protocol: string; state: string } | undefined {
  const [, flowtable] = /^nf_flowtable_(tcp|udp)_timeout$/.exec(name) ?? [];
  if (flowtable !== undefined) return { protocol: flowtable, state: 'offload' };
  const [, protocol, state = ''] =
    /^nf_conntrack_(tcp|udp|udplite|sctp|dccp|gre|icmp|icmpv6|generic)_timeout(?:_(\w+))?$/.exec(name) ?? [];
  return protocol === undefined ? undefined : { protocol, state };
}

/** One series for each CPU: a sum would fall by 2^32 whenever a CPU's counter wraps, which no rate() survives. */
function sampleCounters({ source, cpus }: CpuCounterReading): Sample[] {
  const samples = [...cpus].flatMap(([cpu, counters]) =>
    Object.entries(cpuCounters).flatMap(([column, metric]) => {
      const value = counters.get(column);
      return value === undefined ? [] : [sample(metric, value, { cpu: String(cpu) })];
    }),
  );
  return [sample(sourceInfo, 1, { collector: 'conntrack', source }), ...samples];
}
