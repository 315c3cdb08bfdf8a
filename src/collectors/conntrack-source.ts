import { ifNetlink, ifPresent, isAbsent } from '../host/errors.ts';
import type { Host } from '../host/host.ts';
import { readParsed } from '../host/read.ts';
import { type CpuCounters, parseNfConntrackStat } from '../parsers/procfs/conntrack/nf-conntrack-stat.ts';
import { parseSysctl } from '../parsers/procfs/sysctl.ts';
import { isSourceError } from './attempts.ts';

/** The settings of connection tracking, by the name of their file: `nf_conntrack_max`. */
export type Sysctls = ReadonlyMap<string, number>;

export const sysctlDirectory = '/proc/sys/net/netfilter';
const countName = 'nf_conntrack_count';

export interface SysctlReading {
  readonly sysctls: Sysctls;
  /** Why the first of those that are left out is: it is odd, or cannot be read. Undefined where none is. */
  readonly problem: Error | undefined;
}

/** Reads every setting of connection tracking. Rejects with ENOENT where it is not loaded. */
export async function readSysctls(host: Host): Promise<SysctlReading> {
  const names = (await host.listDirectory(sysctlDirectory)).filter((name) => /^nf_(conntrack|flowtable)_/.test(name));
  // Other modules have settings there too: without this one, reading its count shows that it is absent.
  if (!names.includes(countName)) names.push(countName);
  const values = names.map(async (name) => [name, await readSysctl(host, name)] as const);
  const outcomes = await Promise.allSettled(values);
  const read = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const problems: unknown[] = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  const bug = problems.find((problem) => !isSourceError(problem));
  if (bug !== undefined) throw bug;
  // Without its count it is not loaded. Another setting may be gone since the directory was listed.
  await values[names.indexOf(countName)]?.catch(throwIfAbsent);
  return { sysctls: new Map(read), problem: problems.filter(isSourceError).find((problem) => !isAbsent(problem)) };
}

/** The kernel's count of entries, as it is now. NaN where it is odd or cannot be read. */
export async function readEntryCount(host: Host): Promise<number> {
  try {
    return await readSysctl(host, countName);
  } catch (error) {
    if (isAbsent(error) || !isSourceError(error)) throw error;
    return Number.NaN;
  }
}

function throwIfAbsent(error: unknown): void {
  if (isAbsent(error)) throw error;
}

function readSysctl(host: Host, name: string): Promise<number> {
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
