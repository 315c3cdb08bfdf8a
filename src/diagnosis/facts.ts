import type { ServiceIdentity } from '../identity/virtual-server.ts';
import type { Subject } from './finding.ts';
import type { HostFactsById } from './kinds/host-facts.ts';
import type { RefusalFactsById } from './refusal-facts.ts';
import type { BucketFacts, DestinationFacts, Facts, Numbers, ScanFacts, TableFacts } from './table-facts.ts';

/** What keepalived and the kernel have of a server. A weight is absent where it has none. */
export interface Disagreement {
  readonly of: 'virtual server' | 'real server';
  /** As in the metric: `missing`, `unwanted`, `unmanaged`, `weight`, `forward`. */
  readonly reason: string;
  readonly isUp: boolean | undefined;
  readonly kernelForward: string | undefined;
}

/** What each finding carries. */
export interface FactsById extends HostFactsById, RefusalFactsById {
  'conntrack-table-dropping': TableFacts;
  'conntrack-table-evicting': TableFacts;
  'conntrack-table-nearly-full': TableFacts;
  'conntrack-table-full-soon': TableFacts;
  'conntrack-equilibrium-high': TableFacts;
  'conntrack-asymmetric-flows': DestinationFacts;
  'conntrack-syn-flood': DestinationFacts;
  'conntrack-unanswered-flows': DestinationFacts;
  'conntrack-answered-syn-flood': DestinationFacts;
  'conntrack-unanswered-nat-flows': DestinationFacts;
  'conntrack-dead-connections': DestinationFacts;
  'conntrack-source-scan': ScanFacts;
  'conntrack-zone-nearly-full': Facts<Numbers<'presentEntries' | 'limitEntries'>>;
  'conntrack-chain-too-long': BucketFacts;
  'conntrack-buckets-too-few': BucketFacts;
  'table-larger-than-memory': Facts<Numbers<'limitEntries' | 'neededBytes' | 'memoryBytes'>>;
  /** Shorter than by default. */
  'timers-without-entries': Facts<object, { readonly timers: readonly LongTimer[] }>;
  'long-timeouts': Facts<object, { readonly timers: readonly LongTimer[] }>;
  'conntrack-insert-failing': Facts<
    Numbers<'lostFlows' | 'lostPerSecond' | 'droppedPackets', 'usedRatio' | 'translatedEntries'>,
    {
      /** Whose replies are in one zone, without NAT to give them other ports: `ipv4`, `ipv6`. */
      readonly zonesWithoutNat: readonly string[];
      /** NAT translates a protocol that has none to distinguish clients by, as ESP. */
      readonly hasNoPorts: boolean;
    }
  >;
  /** No interface has the address any more; rules in `chains` still translate to it, or none does and entries are left. */
  'nat-address-gone': Facts<Numbers<'presentEntries' | 'unrepliedEntries'>, { readonly chains: readonly string[] }>;
  /** UDP flows to a destination still go to `targets`, at most five, which no rule names: its rules have other ones. */
  'nat-target-gone': Facts<
    Numbers<'presentEntries' | 'unrepliedEntries' | 'goneDestinations'>,
    { readonly targets: readonly string[] }
  >;
  'conntrack-invalid-resets': Facts<Numbers<'invalidPackets' | 'invalidPerSecond' | 'translatedEntries'>>;
  'conntrack-namespaces-not-read': Facts<
    Numbers<'countedNamespaces' | 'refusedNamespaces' | 'presentEntries'>,
    {
      readonly largest: readonly { readonly namespace: string; readonly presentEntries: number }[];
      readonly refused: readonly string[];
    }
  >;
  'invalid-dropped': Facts<Numbers<'invalidPackets', 'droppedPackets'>, { readonly chains: readonly string[] }>;
  'not-tracked': Facts<Numbers<'remainingEntries'>>;
  'notrack-matches-nothing': Facts<Numbers<'remainingEntries'>, { readonly chains: readonly string[] }>;
  /** `chains` of rules that count: `raw PREROUTING`, `inet exempt prerouting`. */
  'notrack-breaks-nat': Facts<Numbers<'translatedEntries', 'matchedPackets'>, { readonly chains: readonly string[] }>;
  /** `chains` drop what belongs to no connection; `picksUp`: the kernel makes entries for open connections that it does not have. */
  'unknown-connections-dropped': Facts<
    Numbers<'invalidPackets' | 'invalidPerSecond' | 'arrivalsPerSecond'>,
    { readonly chains: readonly string[]; readonly picksUp: boolean; readonly timers: readonly LongTimer[] }
  >;
  /** SYNPROXY rules in `chains` that never see the end of a handshake. */
  'synproxy-picks-up': Facts<object, { readonly chains: readonly string[] }>;
  /** Connections that helpers expect. */
  'conntrack-expectations-full': Facts<Numbers<'expectedConnections' | 'limitConnections'>>;
  /** `effect`: what the limit does now. `exceeded`: its destination has more entries, and it refuses none. */
  'connection-limit': Facts<
    Numbers<'limitConnections', 'refusedPackets' | 'refusedPerSecond' | 'presentEntries'>,
    { readonly chains: readonly string[]; readonly tool: string; readonly effect: 'refuses' | 'idle' | 'exceeded' }
  >;
  /** A rule in `chains` refuses new connections above a rate, `30/min`, now. */
  'rate-limit': Facts<
    Numbers<'refusedPackets' | 'refusedPerSecond'>,
    { readonly chains: readonly string[]; readonly tool: string; readonly rate: string }
  >;
  /** `dropping` chains drop what the rules in `chains` exempt. */
  'notrack-dropped': Facts<
    Numbers<'matchedPackets'>,
    {
      readonly chains: readonly string[];
      readonly dropping: readonly { readonly chain: string; readonly tool: string }[];
    }
  >;
  'listen-queue-full': Facts<Numbers<'refusedConnections' | 'refusedPerSecond'>>;
  'syn-cookies-sent': Facts<Numbers<'sentPackets' | 'sentPerSecond' | 'completedConnections'>>;
  'local-ports-used-up': Facts<Numbers<'openConnections' | 'localPorts'>>;
  /** Masqueraded real servers, at most five of them in `servers`, of which no packet comes back. */
  'ipvs-replies-missing': Facts<Numbers<'receivedPackets' | 'newConnections'>, { readonly servers: readonly string[] }>;
  /** `returnedPackets`: ICMP errors of the real server, the only packets that come back from it. */
  'ipvs-attempts-repeated': Facts<Numbers<'newConnections' | 'receivedPackets' | 'packetBytes' | 'returnedPackets'>>;
  'first-packets-only': Facts<Numbers<'receivedPackets' | 'newConnections'>>;
  'ipvs-upstream-conntrack-pressure': Facts<
    Numbers<'limitEntries', 'neededEntries' | 'arrivalsPerSecond' | 'otherServices'>,
    { readonly isLimitAssumed: boolean; readonly services: readonly ServiceDemandFacts[] }
  >;
  'ipvs-upstream-allowance-exceeded': Facts<Numbers<'droppedPackets', 'droppedPerSecond'>>;
  'ipvs-upstream-allowance-low': Facts<Numbers<'availableEntries'>>;
  'ipvs-connections-nearly-full': Facts<Numbers<'presentConnections' | 'limitConnections'>>;
  /** `protocols` of those connections. */
  'ipvs-connections-without-real-server': Facts<Numbers<'lostConnections'>, { readonly protocols: readonly string[] }>;
  'ipvs-drained-server-gets-packets': Facts<
    Numbers<'receivedPackets' | 'newConnections', 'persistenceSeconds' | 'persistentConnections'>
  >;
  'ipvs-timeout-below-keepalive': Facts<
    Numbers<'timeoutSeconds' | 'keepaliveSeconds', 'idleConnections' | 'establishedConnections'>
  >;
  'ipvs-port-reuse-delays': Facts<object, { readonly kernel: string }>;
  'ipvs-tunnel-packets-too-long': Facts<Numbers<'refusedPackets', 'refusedPerSecond'>>;
  /** The thread that should run, and the one that does. */
  'ipvs-sync-one-sided': Facts<object, { readonly needed: string; readonly running: string }>;
  'ipvs-sync-behind': Facts<Numbers<'lostPackets', 'lostPerSecond'>>;
  'kube-proxy-settings-changed': Facts<object, { readonly settings: readonly ChangedSetting[] }>;
  'openstack-address-not-reached': Facts<Numbers<'masterSeconds'>>;
  /** `setting` as sysctl names it: the one that stops the kernel from adding up. */
  'ipvs-counters-frozen': Facts<object, { readonly setting: string }>;
  /** Settings below net.ipv4.vs that are in force `always`, and those that are while memory is low. */
  'ipvs-drops-on-purpose': Facts<
    Numbers<never, 'lostRatio'>,
    Readonly<Record<'always' | 'whileLow', readonly string[]>>
  >;
  'ipvs-conntrack-on': Facts<Numbers<'trackedEntries'>>;
  'director-tracks-flows': Facts<
    Numbers<'trackedEntries'>,
    { readonly destinations: readonly { readonly subject: Subject; readonly trackedEntries: number }[] }
  >;
  'ipvs-service-without-real-servers': Facts<Numbers<'totalServers'>>;
  /** The fallback server has all clients, if there is one. */
  'ipvs-service-weight-zero': Facts<Numbers<'totalServers'>, { readonly fallback?: string }>;
  'sends-redirects': Facts<object, { readonly interfaces: readonly string[] }>;
  'answers-arp': Facts<object, { readonly settings: readonly ChangedSetting[] }>;
  'reverse-path-drops': Facts<
    Numbers<'filteredPackets', 'filteredPerSecond'>,
    { readonly strictInterfaces: readonly string[] }
  >;
  'keepalived-down': Facts<Numbers<'lastInstances'>, { readonly instances: readonly string[] }>;
  'keepalived-process-down': Facts<
    Numbers<'recentRestarts' | 'knownRestarts'>,
    { readonly process: string; readonly isUp: boolean; readonly instances: readonly string[] }
  >;
  /** The reasons in the words of the metric, with the name of what fails where it has one. */
  'vrrp-fault': Facts<object, { readonly causes: readonly { readonly reason: string; readonly cause: string }[] }>;
  'keepalived-address-misplaced': Facts<object, { readonly state: string; readonly isBound: boolean }>;
  'keepalived-split-brain': Facts<Numbers<'receivedAdvertisements'>>;
  /** Chains that drop, and the command that has them. */
  'keepalived-advertisements-blocked': Facts<
    object,
    { readonly dropping: readonly { readonly chain: string; readonly tool: string }[] }
  >;
  /** Of unicast: the addresses that it sends to. */
  'keepalived-never-heard-another': Facts<Numbers<'sentAdvertisements'>, { readonly peers: readonly string[] }>;
  'keepalived-peer-unreachable': Facts<object, { readonly peers: readonly string[] }>;
  'keepalived-advertisements-refused': Facts<
    Numbers<'refusedAdvertisements'>,
    { readonly kinds: readonly { readonly kind: string; readonly refusedAdvertisements: number }[] }
  >;
  'keepalived-dump-unreadable': Facts<Numbers<'skippedLines'>, { readonly dump: string }>;
  'keepalived-kernel-disagrees': Facts<Numbers<never, 'kernelWeight' | 'wantedWeight'>, Disagreement>;
  'lvs-exporter-not-in-host-namespace': Facts<object>;
  'lvs-exporter-collector-failing': Facts<
    object,
    {
      readonly reason: string | undefined;
      readonly hint: string | undefined;
      /** Every collector that lacks a permission, this one first: one finding for all. Absent for other reasons. */
      readonly denied?: readonly { readonly collector: string; readonly reason: string }[];
    }
  >;
}

export interface ChangedSetting {
  readonly name: string;
  readonly presentSetting: number;
  readonly neededSetting: number;
}

export interface LongTimer {
  /** As sysctl names it. */
  readonly setting: string;
  readonly presentSeconds: number;
  readonly defaultSeconds: number;
}

export interface ServiceDemandFacts {
  readonly service: ServiceIdentity;
  readonly arrivalsPerSecond: number;
  readonly neededEntries: number;
}

export type FindingId = keyof FactsById;
