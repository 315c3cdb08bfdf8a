import { ifNetlink, ifPresent } from '../host/errors.ts';
import type { Host } from '../host/host.ts';
import { readParsed } from '../host/read.ts';
import { type CpuCounters, parseNfConntrackStat } from '../parsers/procfs/nf-conntrack-stat.ts';
import { parseSysctl } from '../parsers/procfs/sysctl.ts';

/** The settings of connection tracking, by the name of their file: `nf_conntrack_max`. */
export type Sysctls = ReadonlyMap<string, number>;

export const sysctlDirectory = '/proc/sys/net/netfilter';

/** Reads every setting of connection tracking. Rejects with ENOENT where it is not loaded. */
export async function readSysctls(host: Host): Promise<Sysctls> {
  const names = (await host.listDirectory(sysctlDirectory)).filter((name) => /^nf_(conntrack|flowtable)_/.test(name));
  // Other modules have settings there too: without this one, reading its count tells that it is absent.
  if (!names.includes('nf_conntrack_count')) names.push('nf_conntrack_count');
  const values = names.map(async (name) => [name, await readSysctl(host, name)] as const);
  return new Map(await Promise.all(values));
}

/** Reads one setting. */
export function readSysctl(host: Host, name: string): Promise<number> {
  return readParsed(host, `${sysctlDirectory}/${name}`, parseSysctl);
}

export interface CpuCounterReading {
  readonly source: 'procfs' | 'netlink';
  /** By the number of the CPU. */
  readonly cpus: ReadonlyMap<number, CpuCounters>;
}

/**
 * Reads the counters of each CPU from /proc, or over netlink: kernels from 6.1 on need not have them in /proc
 * (CONFIG_NF_CONNTRACK_PROCFS). Undefined where they are in neither.
 */
export async function readCpuCounters(host: Host): Promise<CpuCounterReading | undefined> {
  const rows = await ifPresent(readParsed(host, '/proc/net/stat/nf_conntrack', parseNfConntrackStat));
  if (rows) return { source: 'procfs', cpus: new Map(rows.map((counters, cpu) => [cpu, counters])) };
  const statistics = await ifNetlink(host.conntrackCounters());
  return statistics && { source: 'netlink', cpus: new Map(statistics.map(({ cpu, counters }) => [cpu, counters])) };
}
