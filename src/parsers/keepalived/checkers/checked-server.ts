import type { Forward } from './values.ts';

/** A virtual server of keepalived's configuration, with what its checkers found. Fields that a dump lacks are undefined. */
export interface CheckedVirtualServer {
  /** The services of the kernel that it stands for: one, or those of its group. */
  readonly services: readonly CheckedIdentity[];
  /** Name of the virtual_server_group that it has in place of an address. */
  readonly group?: string | undefined;
  /** Whether keepalived has given it to the kernel. */
  readonly added: boolean | undefined;
  /** The sum of weights that it wants. */
  readonly quorum: number | undefined;
  /** By how much the sum must pass that to gain or to lose the quorum. */
  readonly hysteresis: number | undefined;
  readonly quorumUp: boolean | undefined;
  readonly sorryServer: SorryServer | undefined;
  readonly realServers: readonly CheckedRealServer[];
}

/** What identifies a service of the kernel, as in /proc/net/ip_vs. */
export interface CheckedIdentity {
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
  readonly fwmark: string;
  /** Of a firewall mark, where it is reported. */
  readonly family: AddressFamily | undefined;
}

export type AddressFamily = 'ipv4' | 'ipv6';

interface CheckedServer {
  readonly address: string;
  /** As configured. The kernel has the port of the service instead, unless the real server is masqueraded. */
  readonly port: string;
  readonly forward: Forward | undefined;
  /** Whether keepalived has given it to the kernel. */
  readonly added: boolean | undefined;
}

export interface CheckedRealServer extends CheckedServer {
  readonly up: boolean | undefined;
  readonly configuredWeight: number | undefined;
  /** With what checkers and files make of the configured one. What the kernel gets of one that is up: 0 or more. */
  readonly effectiveWeight: number | undefined;
  readonly checkers: readonly Checker[];
}

/** Serves in place of the real servers while there is no quorum. */
export interface SorryServer extends CheckedServer {
  readonly inUse: boolean | undefined;
  /** Whether it is one of the real servers, too. */
  readonly duplicate: boolean;
}

export interface Checker {
  /** `http_get`, `tcp_check`, `misc_check`, ... */
  readonly kind: string;
  /** An assumption until it has run. Before keepalived 2.1 nothing is reported about a BFD_CHECK. */
  readonly up: boolean | undefined;
  readonly hasRun: boolean | undefined;
  /** False while it rests: with `ha_suspend`, while the machine does not have the address. */
  readonly enabled: boolean | undefined;
}
