import type { RemedyKind } from '../remedy.ts';
import { acceptInvalid, acceptInvalidOvn } from './accept-invalid.ts';
import { acceptVrrp } from './accept-vrrp.ts';
import { lookAtAllowance } from './allowance.ts';
import { moreExpectations } from './expectations.ts';
import { countAgain, ipvsWithoutConntrack, matchKeepalived } from './ipvs.ts';
import { largerIpvsLimit, lookAtConnections } from './ipvs-limit.ts';
import { allowAddress, longerIpvsTimeout, lookAtSynchronization } from './ipvs-operations.ts';
import {
  expireLostConnections,
  expireTemplates,
  fragmentForTunnels,
  reusePorts,
  settingsOfKubeProxy,
} from './ipvs-settings.ts';
import { addAddress, removeAddress, restartKeepalived, startKeepalived } from './keepalived.ts';
import { limitDestination } from './limit-destination.ts';
import { limitSource } from './limit-source.ts';
import {
  findPort,
  lookAtInstance,
  lookAtPackets,
  lookAtRealServers,
  lookAtZoneLimits,
  readLog,
  readNamespace,
  recordDumps,
  runInHostNamespace,
} from './look.ts';
import { lookAtLimit } from './look-at-limit.ts';
import { lookAtAdvertisements, lookAtPeers } from './look-at-routers.ts';
import { lookAtOpener, lookAtSource } from './look-at-source.ts';
import { beLiberal, lookAtSourcePorts } from './nat.ts';
import { forwardPackets, looseReversePath, noRedirects, quietArp } from './network.ts';
import { notrackIptables, notrackNftables, notrackUpstream } from './notrack.ts';
import { notrackTunnels, notrackTunnelsNftables } from './notrack-tunnels.ts';
import { lookAtListeners, lookAtPortUsers, moreLocalPorts } from './own-services.ts';
import { lookAtInvalid, noPickUp, pickUpConnections } from './pick-up.ts';
import { randomPorts } from './random-ports.ts';
import { lookAtNotrack, removeNotrack } from './remove-notrack.ts';
import { removeTrackedEntries } from './remove-tracked-entries.ts';
import { stateTimer } from './state-timer.ts';
import { statelessSecurityGroup } from './stateless-group.ts';
import { synCookies } from './syn-cookies.ts';
import { largerTable, limitWithinMemory, moreBuckets } from './table-size.ts';
import { defaultTimers, destinationTimersNftables, unrepliedTimers } from './timers.ts';

/** Every remedy. A finding names those that help in src/diagnosis/kinds/. */
export const remedies = {
  'accept-invalid': acceptInvalid,
  'accept-invalid-ovn': acceptInvalidOvn,
  'accept-vrrp': acceptVrrp,
  'add-address': addAddress,
  'allow-address': allowAddress,
  'be-liberal': beLiberal,
  'count-again': countAgain,
  'default-timers': defaultTimers,
  'destination-timers-nftables': destinationTimersNftables,
  'expire-lost-connections': expireLostConnections,
  'expire-templates': expireTemplates,
  'find-port': findPort,
  'forward-packets': forwardPackets,
  'fragment-for-tunnels': fragmentForTunnels,
  'ipvs-without-conntrack': ipvsWithoutConntrack,
  'larger-ipvs-limit': largerIpvsLimit,
  'larger-table': largerTable,
  'limit-destination-iptables': limitDestination.iptables,
  'limit-destination-nftables': limitDestination.nftables,
  'limit-source-iptables': limitSource.iptables,
  'limit-source-nftables': limitSource.nftables,
  'limit-within-memory': limitWithinMemory,
  'longer-ipvs-timeout': longerIpvsTimeout,
  'look-at-allowance': lookAtAllowance,
  'look-at-advertisements': lookAtAdvertisements,
  'look-at-connections': lookAtConnections,
  'look-at-instance': lookAtInstance,
  'look-at-invalid': lookAtInvalid,
  'look-at-limit': lookAtLimit,
  'look-at-listeners': lookAtListeners,
  'look-at-notrack': lookAtNotrack,
  'look-at-opener': lookAtOpener,
  'look-at-packets': lookAtPackets,
  'look-at-peers': lookAtPeers,
  'look-at-port-users': lookAtPortUsers,
  'look-at-real-servers': lookAtRealServers,
  'look-at-source': lookAtSource,
  'look-at-source-ports': lookAtSourcePorts,
  'look-at-synchronization': lookAtSynchronization,
  'look-at-zone-limits': lookAtZoneLimits,
  'loose-reverse-path': looseReversePath,
  'match-keepalived': matchKeepalived,
  'more-buckets': moreBuckets,
  'more-expectations': moreExpectations,
  'more-local-ports': moreLocalPorts,
  'no-pick-up': noPickUp,
  'no-redirects': noRedirects,
  'notrack-iptables': notrackIptables,
  'notrack-nftables': notrackNftables,
  'notrack-tunnels': notrackTunnels,
  'notrack-tunnels-nftables': notrackTunnelsNftables,
  'notrack-upstream': notrackUpstream,
  'pick-up-connections': pickUpConnections,
  'quiet-arp': quietArp,
  'random-ports': randomPorts,
  'read-log': readLog,
  'read-namespace': readNamespace,
  'record-dumps': recordDumps,
  'remove-address': removeAddress,
  'remove-notrack': removeNotrack,
  'remove-tracked-entries': removeTrackedEntries,
  'restart-keepalived': restartKeepalived,
  'reuse-ports': reusePorts,
  'run-in-host-namespace': runInHostNamespace,
  'settings-of-kube-proxy': settingsOfKubeProxy,
  'start-keepalived': startKeepalived,
  'state-timer': stateTimer,
  'stateless-security-group': statelessSecurityGroup,
  'syn-cookies': synCookies,
  'unreplied-timers': unrepliedTimers,
} as const satisfies Readonly<Record<string, RemedyKind>>;

export type RemedyId = keyof typeof remedies;
