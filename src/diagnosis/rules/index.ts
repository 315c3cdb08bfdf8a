import type { Readings } from '../../readings/readings.ts';
import type { AnyFound } from '../finding.ts';
import { judgedDestinations } from './conntrack/destinations.ts';
import { expectations } from './conntrack/expectations.ts';
import { limitedZones, scanningSources } from './conntrack/holders.ts';
import { longTimeouts } from './conntrack/long-timeouts.ts';
import { lostFlows } from './conntrack/lost-flows.ts';
import { tablePressure } from './conntrack/table-pressure.ts';
import { tableSize } from './conntrack/table-size.ts';
import { timersWithoutEntries } from './conntrack/timers-without-entries.ts';
import { unknownConnections } from './conntrack/unknown-connections.ts';
import { connectionLimits } from './firewall/connection-limits.ts';
import { firewallRules } from './firewall/firewall-rules.ts';
import { refusedNeighbours } from './firewall/neighbours.ts';
import { exemptedAndDropped } from './firewall/notrack-dropped.ts';
import { queueDrops } from './firewall/packet-queues.ts';
import { rateLimits } from './firewall/rate-limits.ts';
import { refusedPackets } from './firewall/refused-packets.ts';
import { refusedSources } from './firewall/refused-sources.ts';
import { synproxyPicksUp } from './firewall/synproxy.ts';
import { ipvsConnectionLimit } from './ipvs/connection-limit.ts';
import { connectionTimes } from './ipvs/connection-times.ts';
import { defence } from './ipvs/defence.ts';
import { directorTracks } from './ipvs/direct-return-tracking.ts';
import { emptyVirtualServers } from './ipvs/empty-services.ts';
import { onlyFirstPackets } from './ipvs/first-packets.ts';
import { frozenCounters } from './ipvs/frozen-counters.ts';
import { kubeProxySettings } from './ipvs/kube-proxy.ts';
import { missingReplies } from './ipvs/missing-replies.ts';
import { repeatedAttempts } from './ipvs/repeated-attempts.ts';
import { synchronization } from './ipvs/synchronization.ts';
import { tunnelPackets } from './ipvs/tunnels.ts';
import { unwantedServers } from './ipvs/unwanted-servers.ts';
import { keepalivedDisagrees } from './keepalived/disagreement.ts';
import { keepalivedProcesses } from './keepalived/processes.ts';
import { unreadableDumps } from './keepalived/unreadable-dumps.ts';
import { addressesUnlikeState } from './keepalived/vrrp-addresses.ts';
import { advertisements } from './keepalived/vrrp-advertisements.ts';
import { blockedAdvertisements } from './keepalived/vrrp-firewall.ts';
import { cannotTakeOver } from './keepalived/vrrp-states.ts';
import { blindSpots } from './network/blind-spots.ts';
import { forwarding } from './network/forwarding.ts';
import { goneAddresses } from './network/gone-addresses.ts';
import { goneTargets } from './network/gone-targets.ts';
import { kernelLimits } from './network/kernel-limits.ts';
import { networkSettings } from './network/network-settings.ts';
import { otherNamespaces } from './network/other-namespaces.ts';
import { ownServices } from './network/own-services.ts';
import { silentNeighbours } from './network/silent-neighbours.ts';
import { unreachedAddresses } from './network/unreached-addresses.ts';
import { upstreamAllowance } from './network/upstream-allowance.ts';
import { upstreamTable } from './network/upstream-table.ts';

type Rule = (readings: Readings) => readonly AnyFound[];

/** What can be wrong with the connection tracking of each network namespace. */
export const tableRules: readonly Rule[] = [
  silentNeighbours,
  tablePressure,
  lostFlows,
  expectations,
  unknownConnections,
  judgedDestinations,
  scanningSources,
  limitedZones,
  goneAddresses,
  goneTargets,
  longTimeouts,
  timersWithoutEntries,
];

/** What the firewall of another network namespace can do. That of this one is among the rules of the machine. */
export const namespaceRules: readonly Rule[] = [
  synproxyPicksUp,
  exemptedAndDropped,
  firewallRules,
  connectionLimits,
  rateLimits,
  queueDrops,
  refusedNeighbours,
  refusedSources,
  refusedPackets,
];

/** What can be wrong with the machine. Of findings with one urgency, those of the first rule come first. */
export const machineRules: readonly Rule[] = [
  emptyVirtualServers,
  defence,
  ipvsConnectionLimit,
  unwantedServers,
  keepalivedProcesses,
  cannotTakeOver,
  addressesUnlikeState,
  advertisements,
  blockedAdvertisements,
  keepalivedDisagrees,
  unreadableDumps,
  onlyFirstPackets,
  missingReplies,
  repeatedAttempts,
  unreachedAddresses,
  tunnelPackets,
  synchronization,
  connectionTimes,
  kubeProxySettings,
  upstreamAllowance,
  upstreamTable,
  synproxyPicksUp,
  exemptedAndDropped,
  ownServices,
  kernelLimits,
  firewallRules,
  connectionLimits,
  rateLimits,
  queueDrops,
  refusedNeighbours,
  refusedSources,
  refusedPackets,
  frozenCounters,
  directorTracks,
  forwarding,
  networkSettings,
  tableSize,
  blindSpots,
  otherNamespaces,
];
