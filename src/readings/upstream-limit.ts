import { ethtoolConntrackAllowanceAvailable } from '../collectors/ethtool-metrics.ts';
import { ipvsUpstreamConntrackLimit } from '../collectors/ipvs/metrics.ts';
import type { Readings } from './readings.ts';

/** Connections that the network of EC2 can still track. All interfaces of an instance share one allowance. */
export function availableUpstream(readings: Readings): number | undefined {
  const values = readings.all(ethtoolConntrackAllowanceAvailable).map(({ value }) => value);
  return values.length === 0 ? undefined : Math.min(...values);
}

/**
 * The limit of the stateful hop upstream, as configured; otherwise what is free there and what is in use. 0 is no limit,
 * undefined is not known.
 */
export function readUpstreamLimit(readings: Readings, usedEntries = 0): number | undefined {
  const configured = readings.value(ipvsUpstreamConntrackLimit);
  const available = availableUpstream(readings);
  return configured ?? (available === undefined ? undefined : Math.max(1, Math.round(available + usedEntries)));
}
