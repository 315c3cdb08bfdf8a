import type { FirewallTexts } from '../../host/host.ts';
import { dropsAll, type ForwardChain, type PacketState } from '../../parsers/firewall/forward-path.ts';
import { parseIptablesForward } from '../../parsers/firewall/iptables-path.ts';
import { parseNftForward } from '../../parsers/firewall/nft-path.ts';
import { parseIptablesVrrp } from '../../parsers/firewall/vrrp-iptables.ts';
import { parseNftVrrp } from '../../parsers/firewall/vrrp-nft.ts';
import type { Cast, VrrpChain } from '../../parsers/firewall/vrrp-packet.ts';
import type { Metric, Sample } from '../../scrape/metric.ts';
import { firewallDropsVrrpInfo } from './metrics.ts';
import { sampleOnce } from './sample-once.ts';

/** Where packets of a state are dropped for certain. Any chain that drops them is enough. */
export function sampleForward(
  { iptables, ip6tables, nft }: FirewallTexts,
  packet: PacketState,
  metric: Metric,
): Sample[] {
  const series = (tool: string, chains: readonly (ForwardChain | undefined)[]) =>
    chains.flatMap((one) => (one && dropsAll(one) ? [{ tool, chain: one.name }] : []));
  return sampleOnce(metric, [
    ...series('iptables', [parseIptablesForward(iptables, packet)]),
    ...series('ip6tables', [parseIptablesForward(ip6tables, packet)]),
    ...series('nft', nft === '' ? [] : parseNftForward(nft, packet)),
  ]);
}

export function sampleVrrp({ iptables, ip6tables, nft }: FirewallTexts, cast: Cast): Sample[] {
  const series = (tool: string, chains: readonly VrrpChain[]) =>
    chains
      .filter(dropsAll)
      .flatMap(({ name: chain, families }) => families.map((family) => ({ chain, family, tool, cast })));
  return sampleOnce(firewallDropsVrrpInfo, [
    ...series('iptables', parseIptablesVrrp(iptables, 'ipv4', cast)),
    ...series('ip6tables', parseIptablesVrrp(ip6tables, 'ipv6', cast)),
    ...series('nft', nft === '' ? [] : parseNftVrrp(nft, cast)),
  ]);
}
