import type { Flow, Reading, ReadingOptions } from './flows/flow.ts';
import type { CpuStatistics } from './netlink/conntrack-statistics.ts';
import type { IpvsDetail } from './netlink/ipvs.ts';

/**
 * Everything the program reads from a machine. The only thing a test replaces, and it replaces it with a recording.
 *
 * Every method rejects with Node's own system error, so that `code` (ENOENT, EACCES, ...) survives.
 */
export interface Host {
  /** Seconds, by a clock that is never set back. Only differences mean something. */
  now(): number;
  /** The text of a file. `path` is absolute and as on an ordinary machine (`/proc/net/ip_vs`), whatever the root is. */
  readFile(path: string): Promise<string>;
  /** The names in a directory, sorted. */
  listDirectory(path: string): Promise<readonly string[]>;
  /** Where a symbolic link points to. */
  readLink(path: string): Promise<string>;
  /**
   * Reads the connection tracking table and hands each flow to `visit`: the same object every time, which must not be
   * kept.
   */
  flows(visit: (flow: Flow) => void, options?: ReadingOptions): Promise<FlowReading>;
  /** The counters of connection tracking over netlink, for kernels that do not have them in /proc. */
  conntrackCounters(): Promise<readonly CpuStatistics[]>;
  /**
   * What the kernel tells of IPVS over netlink alone. To be asked where /proc/net/ip_vs exists. Rejects with EPERM
   * without CAP_NET_ADMIN.
   */
  ipvs(): Promise<IpvsDetail>;
  /** keepalived's process and its dumps; asks it for new dumps first where that is allowed. */
  keepalived(): Promise<Keepalived>;
  /**
   * The same machine as seen from another network namespace. `namespace` is a name below /run/netns or the path of a
   * file that stands for one.
   */
  enter(namespace: string): Host;
  /** What the machine is. Slow: starts subprocesses. */
  platform(): Promise<PlatformFacts>;
}

export interface FlowReading extends Reading {
  readonly source: FlowSource;
  /** Flows that had not expired when the reading of a sample began, where that can be told. */
  readonly liveCount?: number;
}

/** Where flows are read from: ctnetlink, or /proc/net/nf_conntrack. */
export type FlowSource = 'netlink' | 'procfs';

/**
 * keepalived as it was found: its process and what it last wrote about itself. Secrets are already removed.
 *
 * While it runs, the dumps are those of its present VRRP process. Otherwise they are its last ones, which tell which
 * instances it had and no longer how they are.
 */
export interface Keepalived {
  readonly running: boolean;
  /** As its binary says: `2.2.7`. */
  readonly version?: string;
  /** Only the dumps that exist, each of them whole. */
  readonly dumps: Readonly<Partial<Record<DumpKind, Dump>>>;
}

/** `json`: keepalived.json; `data`: keepalived.data; `stats`: keepalived.stats. */
export const dumpKinds = ['json', 'data', 'stats'] as const;
export type DumpKind = (typeof dumpKinds)[number];

export interface Dump {
  readonly text: string;
  /** When keepalived wrote it, in Unix seconds. */
  readonly modifiedSeconds: number;
}

/** As systeminformation reports them; empty when unknown. */
export interface PlatformFacts {
  /** DMI: `OpenStack Foundation`, `Dell Inc.` */
  readonly manufacturer: string;
  /** DMI: `OpenStack Nova`, `PowerEdge R640` */
  readonly model: string;
  readonly virtual: boolean;
  /** The hypervisor, when virtual: `KVM`, `VMware` */
  readonly virtualHost: string;
}
