/**
 * Everything the program reads from a machine. The only thing a test replaces, and it replaces it with a recording.
 *
 * Every method rejects with Node's own system error, so that `code` (ENOENT, EACCES, ...) survives.
 */
export interface Host {
  /** The text of a file. `path` is absolute and as on an ordinary machine (`/proc/net/ip_vs`), whatever the root is. */
  readFile(path: string): Promise<string>;
  /** The names in a directory, sorted. */
  listDirectory(path: string): Promise<readonly string[]>;
  /** Where a symbolic link points to. */
  readLink(path: string): Promise<string>;
  /** keepalived's process and its dumps; asks it for new dumps first where that is allowed. */
  keepalived(): Promise<Keepalived>;
  /** What the machine is. Slow: starts subprocesses. */
  platform(): Promise<PlatformFacts>;
}

/** keepalived as it was found: its process and what it last wrote about itself. Secrets are already removed. */
export interface Keepalived {
  readonly running: boolean;
  /** Only the dumps that exist. */
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
  /** Kernel release: `6.1.0-28-amd64` */
  readonly kernel: string;
}
