import type { Readings } from '../../readings/readings.ts';
import type { AnyFound } from '../finding.ts';
import { blindSpots } from './blind-spots.ts';
import { connectionLimits } from './connection-limits.ts';
import { judgedDestinations } from './destinations.ts';
import { expectations } from './expectations.ts';
import { firewallRules } from './firewall-rules.ts';
import { onlyFirstPackets } from './first-packets.ts';
import { frozenCounters } from './frozen-counters.ts';
import { limitedZones, scanningSources } from './holders.ts';
import { ipvsConnectionLimit } from './ipvs-connection-limit.ts';
import { directorTracks } from './ipvs-conntrack.ts';
import { unwantedServers } from './ipvs-servers.ts';
import { synchronization } from './ipvs-sync.ts';
import { connectionTimes } from './ipvs-timeouts.ts';
import { tunnelPackets } from './ipvs-tunnels.ts';
import { keepalivedDisagrees } from './keepalived-disagrees.ts';
import { unreadableDumps } from './keepalived-dumps.ts';
import { keepalivedProcesses } from './keepalived-processes.ts';
import { kubeProxySettings } from './kube-proxy.ts';
import { longTimeouts } from './long-timeouts.ts';
import { lostFlows } from './lost-flows.ts';
import { networkSettings } from './network-settings.ts';
import { exemptedAndDropped } from './notrack-dropped.ts';
import { otherNamespaces } from './other-namespaces.ts';
import { ownServices } from './own-services.ts';
import { rateLimits } from './rate-limits.ts';
import { emptyVirtualServers } from './real-servers.ts';
import { synproxyPicksUp } from './synproxy.ts';
import { tablePressure } from './table-pressure.ts';
import { tableSize } from './table-size.ts';
import { timersWithoutEntries } from './timers-without-entries.ts';
import { unknownConnections } from './unknown-connections.ts';
import { unreachedAddresses } from './unreached-addresses.ts';
import { upstreamAllowance } from './upstream-allowance.ts';
import { upstreamTable } from './upstream-table.ts';
import { addressesUnlikeState } from './vrrp-addresses.ts';
import { advertisements } from './vrrp-advertisements.ts';
import { blockedAdvertisements } from './vrrp-firewall.ts';
import { cannotTakeOver } from './vrrp-states.ts';

type Rule = (readings: Readings) => readonly AnyFound[];

/** What can be wrong with the connection tracking of each network namespace. */
export const tableRules: readonly Rule[] = [
  tablePressure,
  lostFlows,
  expectations,
  unknownConnections,
  judgedDestinations,
  scanningSources,
  limitedZones,
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
];

/** What can be wrong with the machine. Of findings with one urgency, those of the first rule come first. */
export const machineRules: readonly Rule[] = [
  emptyVirtualServers,
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
  firewallRules,
  connectionLimits,
  rateLimits,
  frozenCounters,
  directorTracks,
  networkSettings,
  tableSize,
  blindSpots,
  otherNamespaces,
];
