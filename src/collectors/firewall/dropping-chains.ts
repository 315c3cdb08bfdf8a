import { dropsAll, type ForwardChain, type PacketState } from '../../parsers/firewall/paths/forward-path.ts';
import { parseIptablesForward } from '../../parsers/firewall/paths/iptables-path.ts';
import { parseNftForward } from '../../parsers/firewall/paths/nft-path.ts';
import { parseIptablesVrrp } from '../../parsers/firewall/paths/vrrp-iptables.ts';
import { parseNftVrrp } from '../../parsers/firewall/paths/vrrp-nft.ts';
import type { Cast, VrrpChain } from '../../parsers/firewall/paths/vrrp-packet.ts';
import type { Metric, Sample } from '../../scrape/metric.ts';
import { firewallDropsVrrpInfo } from './metrics.ts';
import { type Rules, rulesOf } from './rules.ts';
import { sampleOnce } from './sample-once.ts';

/** Where packets of a state are dropped for certain. Any chain that drops them is enough. */
export function sampleForward(rules: Rules, packet: PacketState, metric: Metric): Sample[] {
  const chains = rulesOf<ForwardChain>(
    rules,
    (tables) => parseIptablesForward(tables, packet),
    (tables) => parseNftForward(tables, packet),
  );
  const dropping = chains.filter(dropsAll).map(({ tool, name: chain }) => ({ tool, chain }));
  return sampleOnce(metric, dropping);
}

export function sampleVrrp(rules: Rules, cast: Cast): Sample[] {
  const chains = rulesOf<VrrpChain>(
    rules,
    (tables) => parseIptablesVrrp(tables, cast),
    (tables) => parseNftVrrp(tables, cast),
  );
  const dropping = chains
    .filter(dropsAll)
    .flatMap(({ name: chain, tool, families }) => families.map((family) => ({ chain, family, tool, cast })));
  return sampleOnce(firewallDropsVrrpInfo, dropping);
}
