import type { FirewallTexts } from '../../host/host.ts';
import { parseFrom } from '../../host/read.ts';
import { parseIptablesZones, parseNftZones } from '../../parsers/firewall/one-way-zones.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { firewallOneWayZonesInfo } from './metrics.ts';

/** Any chain of NAT of a family keeps the source ports of its zones apart. */
export function sampleOneWayZones({ iptables, ip6tables, nft }: FirewallTexts): Sample[] {
  const all = [
    parseIptablesZones(iptables, 'iptables'),
    parseIptablesZones(ip6tables, 'ip6tables'),
    ...(nft === '' ? [] : [parseFrom('nft', nft, parseNftZones)]),
  ];
  const nat = new Set(all.flatMap((one) => one.nat));
  const without = new Set(all.flatMap(({ oneWay }) => oneWay).filter((family) => !nat.has(family)));
  return [...without].map((family) => sample(firewallOneWayZonesInfo, 1, { family }));
}
