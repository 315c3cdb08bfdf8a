import { sum } from '../flows/arithmetic.ts';
import type { Collector } from '../scrape/collector.ts';
import { sourceInfo } from '../scrape/exporter-metrics.ts';
import { type Sample, sample } from '../scrape/metric.ts';
import { PartialFailure } from '../scrape/partial-failure.ts';
import { createAttempts } from './attempts.ts';
import {
  conntrackBuckets,
  conntrackChainTooLongTotal,
  conntrackClashResolvedTotal,
  conntrackDropTotal,
  conntrackEarlyDropTotal,
  conntrackEntries,
  conntrackEntriesLimit,
  conntrackErrorTotal,
  conntrackExpectations,
  conntrackExpectationsLimit,
  conntrackFoundTotal,
  conntrackInsertFailedTotal,
  conntrackInvalidTotal,
  conntrackSearchRestartTotal,
  conntrackSetting,
  conntrackTimeoutSeconds,
} from './conntrack-metrics.ts';
import { type CpuCounterReading, readCpuCounters, readSysctls } from './conntrack-source.ts';

/**
 * Counters by their column in /proc/net/stat/nf_conntrack. Left out because current kernels never count them (always
 * 0): searched, new, ignore, delete, delete_list; because only netlink moves it: insert; and the expect_ columns.
 */
const cpuCounters = {
  found: conntrackFoundTotal,
  invalid: conntrackInvalidTotal,
  insert_failed: conntrackInsertFailedTotal,
  drop: conntrackDropTotal,
  early_drop: conntrackEarlyDropTotal,
  icmp_error: conntrackErrorTotal,
  search_restart: conntrackSearchRestartTotal,
  clashres: conntrackClashResolvedTotal,
  chainlength: conntrackChainTooLongTotal,
} as const;

/** Count, limit, settings and counters of the connection tracking of a network namespace. Needs no privilege. */
export const conntrack: Collector = {
  name: 'conntrack',
  help: 'Connection tracking: count, limit and settings from /proc/sys/net/netfilter, counters from /proc/net/stat/nf_conntrack.',
  metrics: [
    conntrackEntries,
    conntrackEntriesLimit,
    conntrackBuckets,
    conntrackExpectations,
    conntrackExpectationsLimit,
    conntrackTimeoutSeconds,
    conntrackSetting,
    ...Object.values(cpuCounters),
  ],
  async collect(host) {
    // First the settings: to ask over netlink makes the kernel load a module that is not.
    const { sysctls, problem } = await readSysctls(host);
    const attempts = createAttempts();
    const counters = await attempts.attempt(readCpuCounters(host));
    const samples = [
      sample(sourceInfo, 1, { collector: 'conntrack', source: 'sysctl' }),
      ...[...sysctls].map(([name, value]) => sampleSysctl(name, value)),
      ...(counters ? sampleCounters(counters) : []),
    ];
    const missing = problem ?? attempts.problem();
    if (missing) throw new PartialFailure(missing, samples);
    return samples;
  },
};

function sampleSysctl(name: string, value: number): Sample {
  const own = gaugesByName.get(name);
  if (own) return sample(own, value);
  const labels = timeoutLabels(name);
  return labels
    ? sample(conntrackTimeoutSeconds, value, labels)
    : sample(conntrackSetting, value, { name: name.replace('nf_conntrack_', '') });
}

const gaugesByName = new Map([
  ['nf_conntrack_count', conntrackEntries],
  ['nf_conntrack_max', conntrackEntriesLimit],
  ['nf_conntrack_buckets', conntrackBuckets],
  ['nf_conntrack_expect_max', conntrackExpectationsLimit],
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
  return [sample(sourceInfo, 1, { collector: 'conntrack', source }), ...samples, ...sampleExpectations(cpus)];
}

/** Created on one CPU, they end on another: only the sums have a difference, modulo 2^32 as each counter. */
function sampleExpectations(cpus: CpuCounterReading['cpus']): Sample[] {
  const sumOf = (column: string) => sum([...cpus.values()].map((counters) => counters.get(column) ?? Number.NaN));
  const expectations = (sumOf('expect_create') - sumOf('expect_delete')) % 2 ** 32;
  if (Number.isNaN(expectations)) return [];
  return [sample(conntrackExpectations, expectations < 0 ? expectations + 2 ** 32 : expectations)];
}
