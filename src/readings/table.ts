import {
  conntrackDropTotal,
  conntrackEarlyDropTotal,
  conntrackEntries,
  conntrackEntriesLimit,
} from '../collectors/conntrack-metrics.ts';
import { equilibriumEntries, fullInSeconds } from '../collectors/conntrack-table/metrics.ts';
import { type VerdictKind, verdictKinds } from '../flows/classification/verdict-kinds.ts';
import type { Severity } from '../identity/severity.ts';
import { thresholds, upstreamStaySeconds } from '../identity/thresholds.ts';
import type { Destination } from './destinations.ts';
import type { Readings } from './readings.ts';

/** How full the connection tracking table is, and where it goes. */
export interface Table {
  readonly entries: number;
  /** 0 is no limit. */
  readonly limit: number;
  /** Where it settles, and when it is full; undefined where the table itself could not be read. */
  readonly equilibrium: number | undefined;
  readonly fullInSeconds: number | undefined;
  /** Since the reading before. */
  readonly evicted: number;
  readonly dropped: number;
}

export function readTable(readings: Readings): Table | undefined {
  const entries = readings.value(conntrackEntries);
  if (entries === undefined) return undefined;
  return {
    entries,
    limit: readings.value(conntrackEntriesLimit) ?? 0,
    equilibrium: readings.value(equilibriumEntries),
    fullInSeconds: readings.value(fullInSeconds),
    evicted: readings.rise(conntrackEarlyDropTotal) ?? 0,
    dropped: readings.rise(conntrackDropTotal) ?? 0,
  };
}

/** Undefined where all is well. */
export function severityOf(table: Table): Severity | undefined {
  const { entries, limit, equilibrium = 0, fullInSeconds = Number.POSITIVE_INFINITY } = table;
  if (limit === 0) return undefined;
  const { conntrackUsed: used, conntrackEquilibrium: settles, conntrackFullIn: fullIn } = thresholds;
  if (
    isTableFull(table) ||
    entries >= used.critical * limit ||
    (equilibrium >= settles.critical * limit && fullInSeconds <= fullIn.critical)
  ) {
    return 'critical';
  }
  const isWarning =
    entries >= used.warning * limit || equilibrium >= settles.warning * limit || fullInSeconds <= fullIn.warning;
  return isWarning ? 'warning' : undefined;
}

export function isTableFull({ entries, limit, fullInSeconds, evicted }: Table): boolean {
  return limit > 0 && (entries >= limit || fullInSeconds === 0 || evicted > 0);
}

/** Whether a destination holds a part of the table that it can be blamed for and that is worth a name, or is going to. */
export function isNotable(destination: Destination, limit: number): boolean {
  const held = blamedEntries(destination);
  return limit > 0 && held > 0 && held >= thresholds.conntrackDestinationShare.warning * limit;
}

/** Entries that a destination can be blamed for, now or at the present rate. */
export function blamedEntries(destination: Destination): number {
  const { blamed }: VerdictKind = verdictKinds[destination.verdict ?? 'unanswered'];
  return blamed === 'all' ? destination.entries : Math.max(destination.unreplied, settlesAt(destination));
}

/** Unreplied entries at the present rate of new flows. */
function settlesAt({ protocol, entries, unreplied, perSecond }: Destination): number {
  const stays = protocol === 'tcp' ? upstreamStaySeconds.tcp : upstreamStaySeconds.udp;
  return entries > 0 ? perSecond * stays * (unreplied / entries) : 0;
}
