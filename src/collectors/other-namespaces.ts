import { hasCode, ifPresent } from '../host/errors.ts';
import type { Host } from '../host/host.ts';
import { readParsed } from '../host/read.ts';
import { parseSysctl } from '../parsers/procfs/sysctl.ts';
import type { Collector } from '../scrape/collector.ts';
import { sample } from '../scrape/metric.ts';
import { otherNamespacesEntries, otherNamespacesRefusedInfo } from './other-namespaces-metrics.ts';

/** A network namespace beside the exporter's own. */
export interface OtherNamespace {
  /** A name below /run/netns, or the file of a process that is in it. */
  readonly name: string;
  /** Of its connection tracking table; 0 without one. Undefined where it cannot be entered. */
  readonly entries: number | undefined;
}

/** Every network namespace of /run/netns and of a process, but for the exporter's own. */
export async function findOtherNamespaces(host: Host): Promise<OtherNamespace[]> {
  const own = await host.readLink('/proc/self/ns/net');
  const named = (await ifPresent(host.listDirectory('/run/netns'))) ?? [];
  const found = new Map<string, OtherNamespace>();
  for (const name of named) {
    const identity = await readIdentity(host.enter(name));
    if (identity !== undefined && identity !== own)
      found.set(identity || name, await readNamespace(host, name, identity));
  }
  for (const [identity, name] of await listOfProcesses(host)) {
    if (identity !== own && !found.has(identity)) found.set(identity, await readNamespace(host, name, identity));
  }
  return [...found.values()];
}

/** Undefined for what is no namespace, or is gone; empty where it cannot be entered. */
async function readIdentity(inside: Host): Promise<string | undefined> {
  try {
    return await inside.readLink('/proc/self/ns/net');
  } catch (error) {
    if (hasCode(error, 'EPERM', 'EACCES', 'ENOSYS')) return '';
    if (hasCode(error, 'ENOENT', 'EINVAL')) return undefined;
    throw error;
  }
}

async function readNamespace(host: Host, name: string, identity: string): Promise<OtherNamespace> {
  return { name, entries: identity === '' ? undefined : await readEntries(host.enter(name)) };
}

async function readEntries(inside: Host): Promise<number | undefined> {
  try {
    return await readParsed(inside, '/proc/sys/net/netfilter/nf_conntrack_count', parseSysctl);
  } catch (error) {
    // Its process may have ended, and a kernel without connection tracking has no such file.
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EINVAL')) return 0;
    if (hasCode(error, 'EPERM', 'EACCES', 'ENOSYS')) return undefined;
    throw error;
  }
}

/** A process of each namespace, by what identifies the namespace. */
async function listOfProcesses(host: Host): Promise<ReadonlyMap<string, string>> {
  const processes = (await host.listDirectory('/proc')).filter((name) => /^\d+$/.test(name));
  const links = await Promise.all(processes.map((id) => readNamespaceOf(host, id)));
  return new Map(links.flat().toReversed());
}

async function readNamespaceOf(host: Host, id: string): Promise<[identity: string, name: string][]> {
  const name = `/proc/${id}/ns/net`;
  try {
    return [[await host.readLink(name), name]];
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return [];
    throw error;
  }
}

/** Number of other tables to read: those with the most entries. */
const maxRead = 8;
/** A table with fewer entries is counted and not read. */
const fewEntries = 100;

/** Of which namespaces to read the table, too. */
export function chooseNamespaces(all: readonly OtherNamespace[]): string[] {
  return all
    .filter(({ entries = 0 }) => entries >= fewEntries)
    .sort((one, other) => (other.entries ?? 0) - (one.entries ?? 0))
    .slice(0, maxRead)
    .map(({ name }) => name);
}

/** Counts the tables that are not read. Only `diagnose` asks: reading every process is not for a scrape. */
export function createOtherNamespaces(read: readonly string[]): Collector {
  return {
    name: 'other-namespaces',
    help: 'Connection tracking entries of network namespaces whose table is not read.',
    metrics: [otherNamespacesEntries, otherNamespacesRefusedInfo],
    schedule: '*/30 * * * * *',
    async collect(host) {
      const unread = (await findOtherNamespaces(host)).filter(({ name }) => !read.includes(name));
      return unread.map(({ name: namespace, entries }) =>
        entries === undefined
          ? sample(otherNamespacesRefusedInfo, 1, { namespace })
          : sample(otherNamespacesEntries, entries, { namespace }),
      );
    },
  };
}
