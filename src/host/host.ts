import type { Flow, ReadingOptions, TableReading } from '../identity/flow.ts';
import type { CpuStatistics } from '../netlink/conntrack/statistics.ts';
import type { InterfaceStatistics } from '../netlink/ethtool/statistics.ts';
import type { IpvsDetail } from '../netlink/ipvs/ipvs.ts';
import type { ZoneLimit } from '../netlink/openvswitch/zone-limits.ts';
import type { InterfaceAddress } from '../netlink/route/address-message.ts';
import type { AskedNeighbour } from '../netlink/route/neighbour-message.ts';
import type { VrrpEvent } from '../parsers/keepalived/vrrp/announcement.ts';
import type { VrrpState } from '../parsers/keepalived/vrrp/vrrp-instance.ts';

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
  /**
   * Hands the text of a file to `take` part by part, as the kernel gives it out, until there is no more or `take` reports
   * that it wants no more. For files that may be too long to be held. Resolves to whether that was the whole file.
   */
  readParts(path: string, take: (part: string) => boolean): Promise<boolean>;
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
   * What the kernel reports on IPVS by netlink only. Read it if /proc/net/ip_vs exists. Rejects with EPERM
   * without CAP_NET_ADMIN.
   */
  ipvs(): Promise<IpvsDetail>;
  /**
   * The keepaliveds of this network namespace with the dumps that they have written. One that ran before and does not
   * run now is still given. Rejects with ENOENT where there is none.
   */
  keepalived(): Promise<readonly Keepalived[]>;
  /**
   * Asks them by signal to write new dumps and waits until they have. Rejects when one does not answer; it is not asked
   * again before it has taken the last signal.
   */
  requestDumps(): Promise<void>;
  /** What keepalived announced in its notify FIFO. Rejects with ENOENT if this program has none. */
  announcements(): Promise<Announcements>;
  /** The addresses that the network interfaces have. */
  addresses(): Promise<readonly InterfaceAddress[]>;
  /** Whether these addresses have answered where the kernel asked for their hardware address. */
  neighbours(addresses: readonly string[]): Promise<readonly AskedNeighbour[]>;
  /**
   * The same machine as seen from another network namespace. `namespace` is a name below /run/netns or the path of a
   * file that stands for one.
   */
  enter(namespace: string): Host;
  /** What the drivers of these interfaces count, of those drivers that are named. */
  interfaceStatistics(
    interfaces: readonly string[],
    drivers: readonly string[],
  ): Promise<readonly InterfaceStatistics[]>;
  /**
   * The raw tables of iptables and ip6tables, as `iptables-save` prints them, one after the other. Slow: starts
   * commands. Empty where there are none.
   */
  rawTables(): Promise<string>;
  /**
   * What the database of Open vSwitch answers when it is asked for bridges, ports and interfaces, as JSON. Rejects with
   * ENOENT where there is none.
   */
  openVSwitch(): Promise<string>;
  /**
   * The limits of zones that Open vSwitch's datapath in the kernel holds to. Rejects with ENOENT where there is none.
   */
  zoneLimits(): Promise<readonly ZoneLimit[]>;
  /** What the machine is. */
  platform(): Promise<PlatformFacts>;
  /**
   * The rules of the firewall, as the commands print them that show them. There is no file that has them, and there may
   * be very many, so that the exporter does not ask: only `lvs-exporter diagnose` does. Not there in a recording.
   */
  firewall?(): Promise<FirewallTexts>;
}

/** What `iptables-save -c`, `ip6tables-save -c` and `nft -j list ruleset` print. Empty where there is nothing of the kind. */
export interface FirewallTexts {
  readonly iptables: string;
  /** Of `iptables-legacy-save -c`, unless `iptables` is that one. */
  readonly iptablesLegacy?: string;
  readonly ip6tables: string;
  readonly ip6tablesLegacy?: string;
  /** /proc/net/netfilter/nfnetlink_queue: empty where no program takes packets from a queue, absent where it was not read. */
  readonly queues?: string;
  readonly nft: string;
}

export interface FlowReading extends TableReading {
  readonly source: FlowSource;
  /** Flows that had not expired when the reading of a sample began, where that can be determined. */
  readonly liveCount?: number;
}

/** Where flows are read from: ctnetlink, or /proc/net/nf_conntrack. */
export type FlowSource = 'netlink' | 'procfs';

/**
 * keepalived as it was found: its processes and what it last wrote about itself. Secrets are already removed.
 *
 * While it runs, the dumps are those of its present processes. Otherwise they are its last ones, which name the
 * instances that it had and do not give their state.
 */
export interface Keepalived {
  /** Distinguishes it from the others of this network namespace; empty for the only one. */
  readonly daemon: string;
  readonly running: boolean;
  /** From its binary: `2.2.7`. */
  readonly version?: string;
  /**
   * Its processes beside the parent process: those that run, and those that should. Absent where it does not run, and in
   * the first recordings.
   */
  readonly processes?: readonly KeepalivedProcess[];
  /** Only the dumps that exist, each of them whole. */
  readonly dumps: Readonly<Partial<Record<DumpKind, Dump>>>;
}

/** `vrrp` runs VRRP, `checker` checks real servers, `bfd` runs BFD. */
export const processKinds = ['vrrp', 'checker', 'bfd'] as const;
export type ProcessKind = (typeof processKinds)[number];

export interface KeepalivedProcess {
  readonly process: ProcessKind;
  /** When it started, in Unix seconds. Undefined while it does not run. */
  readonly startSeconds?: number;
  /** How often another process was found in its place since this program first saw the parent process. */
  readonly restarts: number;
}

/** `json`: keepalived.json; `data`: keepalived.data; `stats`: keepalived.stats; `check`: keepalived_check.data. */
export const dumpKinds = ['json', 'data', 'stats', 'check'] as const;
export type DumpKind = (typeof dumpKinds)[number];

export interface Dump {
  readonly text: string;
  /** When keepalived wrote it, in Unix seconds. */
  readonly modifiedSeconds: number;
  /** Set for a dump of a process that has ended while keepalived runs: it names instances, and their state is unknown. */
  readonly ended?: boolean;
}

/** What keepalived announced since this program began to listen. */
export interface Announcements {
  /** Whether the FIFO can be read. */
  readonly listening: boolean;
  readonly subjects: readonly AnnouncedSubject[];
  /** Lines that are no announcements. */
  readonly malformedLines: number;
}

/** A VRRP instance or a sync group of which something was announced. */
export interface AnnouncedSubject {
  readonly type: 'instance' | 'group';
  readonly name: string;
  /** How often. */
  readonly counts: Readonly<Partial<Record<VrrpEvent, number>>>;
  /** As the last announcement has it. */
  readonly state: VrrpState;
  /** Effective priority; 0 for a group. */
  readonly priority: number;
  /** When the last announcement was read, in Unix seconds. */
  readonly seconds: number;
  /** When the last was read that reported another state than the one before, or the first of all. */
  readonly transitionSeconds: number;
}

/** Texts are empty where the machine does not show them. */
export interface PlatformFacts {
  /** DMI: `OpenStack Foundation`, `Dell Inc.` */
  readonly manufacturer: string;
  /** DMI: `OpenStack Nova`, `PowerEdge R640` */
  readonly model: string;
  readonly virtual: boolean;
  /** The hypervisor, when virtual: `KVM`, `VMware` */
  readonly virtualHost: string;
  /** Absent in the first recordings, which have /proc/meminfo instead. */
  readonly memoryBytes?: number;
}

/** The part of a host that is read from keepalived. */
export type KeepalivedReader = Pick<Host, 'keepalived' | 'requestDumps'>;
