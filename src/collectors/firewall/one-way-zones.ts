import { parseIptablesZones, parseNftZones } from '../../parsers/firewall/one-way-zones.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { firewallOneWayZonesInfo } from './metrics.ts';
import type { Rules } from './rules.ts';

/** Any chain of NAT of a family keeps the source ports of its zones apart. */
export function sampleOneWayZones({ iptables, nft }: Rules): Sample[] {
  const all = [parseIptablesZones(iptables), parseNftZones(nft)];
  const nat = new Set(all.flatMap((one) => one.nat));
  const without = new Set(all.flatMap(({ oneWay }) => oneWay).filter((family) => !nat.has(family)));
  return [...without].map((family) => sample(firewallOneWayZonesInfo, 1, { family }));
}
