import { type Readings, splitByNamespace } from '../readings/readings.ts';
import type { Sample } from '../scrape/metric.ts';
import type { Finding, Urgency } from './finding.ts';
import { answersArp } from './rules/arp.ts';
import { tableSize } from './rules/buckets.ts';
import { firewallRules } from './rules/firewall-rules.ts';
import { onlyFirstPackets } from './rules/first-packets.ts';
import { halfSeenDestinations } from './rules/half-seen.ts';
import { directorTracks } from './rules/ipvs-conntrack.ts';
import { keepalivedDisagrees } from './rules/keepalived-disagrees.ts';
import { unreadableDumps } from './rules/keepalived-dumps.ts';
import { longTimeouts } from './rules/long-timeouts.ts';
import { masqueradesWrong } from './rules/masquerading.ts';
import { otherNamespace } from './rules/namespace.ts';
import { notSeen } from './rules/not-seen.ts';
import { emptyVirtualServers } from './rules/real-servers.ts';
import { reversePathDrops } from './rules/reverse-path.ts';
import { tablePressure } from './rules/table-pressure.ts';
import { upstreamTable } from './rules/upstream-table.ts';
import { addressesUnlikeState } from './rules/vrrp-addresses.ts';
import { advertisements } from './rules/vrrp-advertisements.ts';
import { cannotTakeOver } from './rules/vrrp-states.ts';

/** What can be wrong with the machine. */
const ofMachine: readonly ((readings: Readings) => readonly Finding[])[] = [
  emptyVirtualServers,
  cannotTakeOver,
  addressesUnlikeState,
  advertisements,
  keepalivedDisagrees,
  unreadableDumps,
  onlyFirstPackets,
  upstreamTable,
  firewallRules,
  directorTracks,
  reversePathDrops,
  answersArp,
  masqueradesWrong,
  tableSize,
  otherNamespace,
  notSeen,
];
/** What can be wrong with the connection tracking of each network namespace. */
const ofTable: readonly ((readings: Readings) => readonly Finding[])[] = [
  tablePressure,
  halfSeenDestinations,
  longTimeouts,
];

/**
 * What is wrong on a machine, or will be: the most urgent first.
 *
 * @param now what a scrape serves.
 * @param before the same some seconds earlier. Without it, nothing is said of what only the rise of a counter tells:
 * evictions, drops, INVALID packets.
 */
export function diagnose(now: readonly Sample[], before?: readonly Sample[]): Finding[] {
  const [own, ...others] = splitByNamespace(now, before);
  if (own === undefined) return [];
  const findings = [
    ...ofTable.flatMap((find) => [own, ...others].flatMap(find)),
    ...ofMachine.flatMap((find) => find(own)),
  ];
  return findings.sort((one, other) => urgencies.indexOf(one.urgency) - urgencies.indexOf(other.urgency));
}

const urgencies: readonly Urgency[] = ['critical', 'warning', 'info'];
