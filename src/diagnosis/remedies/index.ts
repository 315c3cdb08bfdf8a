import type { RemedyKind } from '../remedy.ts';
import { lookAtAllowance } from './conntrack/allowance.ts';
import { moreExpectations } from './conntrack/expectations.ts';
import { lookAtInvalid, noPickUp, pickUpConnections } from './conntrack/pick-up.ts';
import { removeTrackedEntries } from './conntrack/remove-tracked-entries.ts';
import { stateTimer } from './conntrack/state-timer.ts';
import { largerTable, limitWithinMemory, moreBuckets } from './conntrack/table-size.ts';
import { defaultTimers, destinationTimersNftables, unrepliedTimers } from './conntrack/timers.ts';
import { acceptBridged } from './firewall/accept-bridged.ts';
import { acceptInvalid, acceptInvalidOvn } from './firewall/accept-invalid.ts';
import { acceptNeighbours } from './firewall/accept-neighbours.ts';
import { exemptSource } from './firewall/exempt-source.ts';
import { limitDestination } from './firewall/limit-destination.ts';
import { limitSource } from './firewall/limit-source.ts';
import { lookAtLimit } from './firewall/look-at-limit.ts';
import { lookAtRefusal } from './firewall/look-at-refusal.ts';
import { notrackIptables, notrackNftables, notrackUpstream } from './firewall/notrack.ts';
import { notrackTunnels, notrackTunnelsNftables } from './firewall/notrack-tunnels.ts';
import { bypassQueue, lookAtQueue } from './firewall/packet-queues.ts';
import { lookAtNotrack, removeNotrack } from './firewall/remove-notrack.ts';
import { statelessSecurityGroup } from './firewall/stateless-group.ts';
import { largerIpvsLimit, lookAtConnections } from './ipvs/connection-limit.ts';
import { defendWhenNeeded, lookAtMemory, usualMemoryThreshold } from './ipvs/defence.ts';
import { countAgain, ipvsWithoutConntrack, matchKeepalived } from './ipvs/ipvs.ts';
import { lookAtReplies, lookAtVirtualAddress } from './ipvs/look-at-replies.ts';
import { allowAddress, longerIpvsTimeout, lookAtSynchronization } from './ipvs/operations.ts';
import { reachItself } from './ipvs/reach-itself.ts';
import { lookAtRealServers } from './ipvs/real-servers.ts';
import {
  expireLostConnections,
  expireTemplates,
  fragmentForTunnels,
  reusePorts,
  settingsOfKubeProxy,
} from './ipvs/settings.ts';
import { acceptVrrp } from './keepalived/accept-vrrp.ts';
import { lookAtAdvertisements, lookAtPeers } from './keepalived/look-at-routers.ts';
import { addAddress, removeAddress, restartKeepalived, startKeepalived } from './keepalived/processes.ts';
import {
  findPort,
  lookAtInstance,
  lookAtPackets,
  lookAtZoneLimits,
  readLog,
  readNamespace,
  recordDumps,
  runInHostNamespace,
} from './look.ts';
import { chainForZones } from './network/chain-for-zones.ts';
import { clampSegments, clampSegmentsNftables } from './network/clamp-segments.ts';
import { largerUdpBuffers, longerReceiveQueue, moreNeighbours, moreTimeWait } from './network/kernel-limits.ts';
import { lookAtLongPackets, lookAtNeighbours, lookAtSendQueues, lookAtUdpSockets } from './network/look-at-limits.ts';
import { lookAtMisaddressed, lookAtNeighbour } from './network/look-at-neighbour.ts';
import { lookAtOpener, lookAtSource } from './network/look-at-source.ts';
import { lookAtTunnels } from './network/look-at-tunnels.ts';
import { beLiberal, lookAtSourcePorts } from './network/nat.ts';
import { removeOldTargets } from './network/old-targets.ts';
import { lookAtTranslations, removeOldTranslations } from './network/old-translations.ts';
import { lookAtListeners, lookAtPortUsers, moreLocalPorts } from './network/own-services.ts';
import { randomPorts } from './network/random-ports.ts';
import { forwardPackets, looseReversePath, noRedirects, quietArp } from './network/settings.ts';
import { synCookies } from './network/syn-cookies.ts';

/** Every remedy. A finding names those that help in src/diagnosis/kinds/. */
export const remedies = {
  'accept-bridged': acceptBridged,
  'exempt-source': exemptSource,
  'accept-invalid': acceptInvalid,
  'accept-invalid-ovn': acceptInvalidOvn,
  'accept-neighbours': acceptNeighbours,
  'accept-vrrp': acceptVrrp,
  'add-address': addAddress,
  'allow-address': allowAddress,
  'be-liberal': beLiberal,
  'bypass-queue': bypassQueue,
  'chain-for-zones': chainForZones,
  'clamp-segments': clampSegments,
  'clamp-segments-nftables': clampSegmentsNftables,
  'count-again': countAgain,
  'default-timers': defaultTimers,
  'defend-when-needed': defendWhenNeeded,
  'destination-timers-nftables': destinationTimersNftables,
  'expire-lost-connections': expireLostConnections,
  'expire-templates': expireTemplates,
  'find-port': findPort,
  'forward-packets': forwardPackets,
  'fragment-for-tunnels': fragmentForTunnels,
  'ipvs-without-conntrack': ipvsWithoutConntrack,
  'larger-ipvs-limit': largerIpvsLimit,
  'larger-table': largerTable,
  'larger-udp-buffers': largerUdpBuffers,
  'limit-destination-iptables': limitDestination.iptables,
  'limit-destination-nftables': limitDestination.nftables,
  'limit-source-iptables': limitSource.iptables,
  'limit-source-nftables': limitSource.nftables,
  'limit-within-memory': limitWithinMemory,
  'longer-ipvs-timeout': longerIpvsTimeout,
  'longer-receive-queue': longerReceiveQueue,
  'look-at-allowance': lookAtAllowance,
  'look-at-advertisements': lookAtAdvertisements,
  'look-at-connections': lookAtConnections,
  'look-at-instance': lookAtInstance,
  'look-at-invalid': lookAtInvalid,
  'look-at-limit': lookAtLimit,
  'look-at-listeners': lookAtListeners,
  'look-at-long-packets': lookAtLongPackets,
  'look-at-memory': lookAtMemory,
  'look-at-misaddressed': lookAtMisaddressed,
  'look-at-neighbour': lookAtNeighbour,
  'look-at-neighbours': lookAtNeighbours,
  'look-at-notrack': lookAtNotrack,
  'look-at-opener': lookAtOpener,
  'look-at-packets': lookAtPackets,
  'look-at-peers': lookAtPeers,
  'look-at-port-users': lookAtPortUsers,
  'look-at-queue': lookAtQueue,
  'look-at-real-servers': lookAtRealServers,
  'look-at-refusal': lookAtRefusal,
  'look-at-replies': lookAtReplies,
  'look-at-send-queues': lookAtSendQueues,
  'look-at-source': lookAtSource,
  'look-at-source-ports': lookAtSourcePorts,
  'look-at-synchronization': lookAtSynchronization,
  'look-at-translations': lookAtTranslations,
  'look-at-tunnels': lookAtTunnels,
  'look-at-udp-sockets': lookAtUdpSockets,
  'look-at-zone-limits': lookAtZoneLimits,
  'look-at-virtual-address': lookAtVirtualAddress,
  'loose-reverse-path': looseReversePath,
  'match-keepalived': matchKeepalived,
  'more-buckets': moreBuckets,
  'more-expectations': moreExpectations,
  'more-local-ports': moreLocalPorts,
  'more-neighbours': moreNeighbours,
  'more-time-wait': moreTimeWait,
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
  'reach-itself': reachItself,
  'read-log': readLog,
  'read-namespace': readNamespace,
  'record-dumps': recordDumps,
  'remove-address': removeAddress,
  'remove-notrack': removeNotrack,
  'remove-old-targets': removeOldTargets,
  'remove-old-translations': removeOldTranslations,
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
  'usual-memory-threshold': usualMemoryThreshold,
} as const satisfies Readonly<Record<string, RemedyKind>>;

export type RemedyId = keyof typeof remedies;
