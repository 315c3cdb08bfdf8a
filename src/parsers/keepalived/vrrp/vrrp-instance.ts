/** What a VRRP instance can be: `VRRP_STATE_*` in keepalived/include/vrrp.h. */
export const vrrpStates = ['init', 'backup', 'master', 'fault', 'stop', 'deleted'] as const;

/** `unknown` is keepalived's own word: its text dump has no name for `stop` and `deleted`. */
export type VrrpState = (typeof vrrpStates)[number] | 'unknown';

/** One VRRP instance. Name, interface, vrid and family identify it. */
export interface VrrpInstance {
  readonly name: string;
  /** The one VRRP is spoken on: with `use_vmac` keepalived's own (`vrrp.51`). Empty while there is none. */
  readonly interface: string;
  /** 1 to 255. The same number may be in use for IPv4 and for IPv6. Undefined where the dump is malformed. */
  readonly vrid: number | undefined;
  readonly family: 'ipv4' | 'ipv6';
  /** Undefined where the dump is malformed. */
  readonly state: VrrpState | undefined;
  /** Where keepalived wants it to be. Unknown before keepalived 2.0. */
  readonly wantedState: VrrpState | undefined;
  /** As configured. Undefined where the dump is malformed. */
  readonly basePriority: number | undefined;
  /** With the weights of scripts, interfaces and processes. Unknown before keepalived 1.4. */
  readonly effectivePriority: number | undefined;
  /** Unix time; 0 when it never had one. Undefined where the dump is malformed. */
  readonly lastTransitionSeconds: number | undefined;
  /** The virtual addresses, with the excluded ones: those that no advertisement names. */
  readonly addresses: readonly VrrpAddress[];
  readonly settings: VrrpSettings;
  /** What keepalived counted since it started. The text dump keeps it in a file of its own. */
  readonly counters: VrrpCounters | undefined;
}

/** What the directors of a pair must have in common. Each is undefined where the dump is malformed or lacks it. */
export interface VrrpSettings {
  /** Of the protocol: 2 or 3. */
  readonly version: number | undefined;
  readonly advertisementSeconds: number | undefined;
  readonly authentication: Authentication | undefined;
  /** Empty with multicast. The JSON dump lacks it. */
  readonly unicastPeers: readonly string[] | undefined;
  /** The one that advertisements leave through, where that is another than the instance's: `vmac_xmit_base`. */
  readonly sendingInterface?: string;
}

/** `hmac`: the extension of keepalived 2.4, whatever the type of the protocol is. */
export type Authentication = 'none' | 'simple_password' | 'ipsec_ah' | 'hmac';

export interface VrrpAddress {
  readonly address: string;
  /** Where it is set when master. Empty when the dump does not show: JSON before keepalived 2.0.11. */
  readonly interface: string;
  readonly excluded: boolean;
}

/** A program whose running moves priorities or makes instances faulty. */
export interface TrackedProcess {
  /** As configured. */
  readonly name: string;
  /** How many there are. Undefined where the dump is malformed. */
  readonly processes: number | undefined;
  /** Whether these are neither too few nor too many. Undefined where the dump is malformed or lacks it. */
  readonly hasQuorum: boolean | undefined;
}

/** Each counter is undefined where the dump is malformed. */
export interface VrrpCounters {
  readonly becameMaster: number | undefined;
  readonly releasedMaster: number | undefined;
  readonly advertisementsReceived: number | undefined;
  readonly advertisementsSent: number | undefined;
  readonly priorityZeroReceived: number | undefined;
  readonly priorityZeroSent: number | undefined;
  /** Refused advertisements. Only the kinds that this keepalived counts. */
  readonly errors: ReadonlyMap<VrrpErrorKind, number>;
}

export type VrrpErrorKind =
  | 'packet_length'
  | 'ttl'
  | 'invalid_type'
  | 'advertisement_interval'
  | 'address_list'
  | 'invalid_authentication_type'
  | 'authentication_type_mismatch'
  | 'authentication_failure'
  | 'authentication_extension_missing'
  | 'authentication_extension_malformed'
  | 'authentication_extension_unknown_key'
  | 'authentication_extension_invalid_hmac'
  | 'authentication_extension_stale'
  | 'authentication_extension_replay';
