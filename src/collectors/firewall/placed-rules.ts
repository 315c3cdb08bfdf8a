import type { FirewallTexts } from '../../host/host.ts';
import { parseIptablesLimits, parseNftLimits } from '../../parsers/firewall/connection-limit.ts';
import { parseIptablesRates } from '../../parsers/firewall/rates/iptables-rates.ts';
import { parseNftRates } from '../../parsers/firewall/rates/nft-rates.ts';
import { parseIptablesSourceNat, parseNftSourceNat } from '../../parsers/firewall/source-nat.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import {
  firewallConnectionLimit,
  firewallConnectionLimitPacketsTotal,
  firewallRateLimitInfo,
  firewallSourceNatPacketsTotal,
  firewallSourceNatRuleInfo,
} from './metrics.ts';

/** The rules of one kind, of every tool. */
function rulesOf<Rule>(
  { iptables, ip6tables, nft }: FirewallTexts,
  parseIptables: (text: string, tool: 'iptables' | 'ip6tables') => readonly Rule[],
  parseNft: (text: string) => readonly Rule[],
): Rule[] {
  return [
    ...parseIptables(iptables, 'iptables'),
    ...parseIptables(ip6tables, 'ip6tables'),
    ...(nft === '' ? [] : parseNft(nft)),
  ];
}

export function sampleLimits(texts: FirewallTexts): Sample[] {
  const limits = rulesOf(texts, parseIptablesLimits, parseNftLimits);
  return limits.flatMap(({ connections, packets, position, tool, chain, ...target }) => {
    const place = { tool, chain, position: String(position) };
    return [
      sample(firewallConnectionLimit, connections, { ...place, ...target }),
      ...(packets === undefined ? [] : [sample(firewallConnectionLimitPacketsTotal, packets, place)]),
    ];
  });
}

export function sampleRates(texts: FirewallTexts): Sample[] {
  const limits = rulesOf(texts, parseIptablesRates, parseNftRates);
  return limits.flatMap(({ rate, packets, position, tool, chain, ...target }) => {
    const place = { tool, chain, position: String(position) };
    return [
      sample(firewallRateLimitInfo, 1, { ...place, rate, ...target }),
      ...(packets === undefined ? [] : [sample(firewallConnectionLimitPacketsTotal, packets, place)]),
    ];
  });
}

export function sampleSourceNat(texts: FirewallTexts): Sample[] {
  const rules = rulesOf(texts, parseIptablesSourceNat, parseNftSourceNat);
  return rules.flatMap(({ packets, isRandom, position, tool, chain, ...rest }) => {
    const place = { tool, chain, position: String(position) };
    return [
      sample(firewallSourceNatRuleInfo, 1, { ...place, ...rest, random: isRandom ? 'yes' : 'no' }),
      ...(packets === undefined ? [] : [sample(firewallSourceNatPacketsTotal, packets, place)]),
    ];
  });
}
