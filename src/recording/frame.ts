import type { Announcements, DumpKind, FlowReading, KeepalivedProcess, PlatformFacts } from '../host/host.ts';

/**
 * A recording is a folder: `recording.json` about the whole, and a folder for each moment, named after its seconds
 * since the start. A moment's folder holds the files as they were read (`proc/net/ip_vs`), those only that changed
 * since the moment before, and `frame.json` with whatever is not the content of a file.
 */
export interface Recording {
  readonly format: typeof recordingFormat;
  /** Version of the program that wrote it. */
  readonly version: string;
  /** Unix time. */
  readonly startedSeconds: number;
  readonly everySeconds: number;
}

export const recordingFormat = 1;
export const recordingFile = 'recording.json';
export const frameFile = 'frame.json';

/** `frame.json`: what was read at one moment and is no file's content. What is not there did not change. */
export interface Frame {
  /** Since the start of the recording. */
  readonly seconds: number;
  /** Failed reads: source and system error code. */
  readonly errors: Record<string, string>;
  readonly links: Record<string, string>;
  readonly directories: Record<string, readonly string[]>;
  /** By the path of the table; its flows are in a file of that path. */
  readonly flows: Record<string, Omit<FlowReading, 'entries'>>;
  /** Paths of the files of which only the beginning was kept. */
  readonly cut: string[];
  /** Counters of each CPU that came over netlink, by the source's name. */
  readonly counters: Record<string, readonly RecordedCounters[]>;
  /** The first recordings have one alone. */
  keepalived?: readonly RecordedKeepalived[] | RecordedKeepalived;
  announcements?: Announcements;
  platform?: PlatformFacts;
}

export interface RecordedCounters {
  readonly cpu: number;
  readonly counters: Readonly<Record<string, number>>;
}

/** The texts of the dumps are files beside it: `keepalived/keepalived.json` and so on. */
export interface RecordedKeepalived {
  /** As in Keepalived. The first recordings do not have it. */
  readonly daemon?: string;
  readonly running: boolean;
  readonly version?: string;
  readonly processes?: readonly KeepalivedProcess[];
  /** The dumps of a process that has ended. */
  readonly ended?: readonly DumpKind[];
  readonly modifiedSeconds: Readonly<Partial<Record<DumpKind, number>>>;
}

export function emptyFrame(seconds: number): Frame {
  return { seconds, errors: {}, links: {}, directories: {}, flows: {}, cut: [], counters: {} };
}

/** Where the text of a dump is kept, as the path of a file of the machine. */
export function dumpPath(daemon: string, kind: DumpKind): string {
  const folder = daemon === '' ? '' : `/${daemon.replaceAll('/', '-')}`;
  return `/keepalived${folder}/keepalived.${kind}`;
}

/** Where the flows of a table are kept, in the form in which the kernel prints them. */
export const flowsPath = '/proc/net/nf_conntrack';

/** Sources that are no file of the machine. */
export const keepalivedSource = 'keepalived';
export const announcementsSource = 'notify FIFO';
export const platformSource = 'platform';
export const countersSource = '/netlink/conntrack';

/** Where the answers of netlink on IPVS and the interfaces are kept, as the path of a file of the machine. */
export const ipvsPath = '/netlink/ipvs.json';
export const addressesPath = '/netlink/addresses.json';
export const neighboursPath = '/netlink/neighbours.json';
export const zoneLimitsPath = '/netlink/zone-limits.json';
export const interfaceStatisticsPath = '/ethtool/statistics.json';

/** Where the output of commands and the answer of Open vSwitch are kept, likewise. */
export const rawTablesPath = '/commands/iptables-save-raw';
export const openVSwitchPath = '/ovsdb/Open_vSwitch.json';

/** What stands before the paths of another network namespace. */
export function namespacePrefix(namespace: string): string {
  return `/netns/${namespace.replaceAll('/', '-')}`;
}

/** The folder of a moment. Sorted by name, they are in order of time for 11 days. */
export function frameFolder(seconds: number): string {
  return seconds.toFixed(1).padStart(8, '0');
}
