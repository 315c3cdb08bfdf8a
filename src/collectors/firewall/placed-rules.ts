import { parseIptablesLimits, parseNftLimits } from '../../parsers/firewall/connection-limit.ts';
import { parseIptablesRates } from '../../parsers/firewall/rates/iptables-rates.ts';
import { parseNftRates } from '../../parsers/firewall/rates/nft-rates.ts';
import { parseRefusedSources } from '../../parsers/firewall/refusals/refused-sources.ts';
import { parseIptablesSourceNat, parseNftSourceNat } from '../../parsers/firewall/source-nat.ts';
import { type Sample, sample, sampleKnown } from '../../scrape/metric.ts';
import {
  firewallConnectionLimit,
  firewallConnectionLimitPacketsTotal,
  firewallRateLimitInfo,
  firewallRefusedSourceInfo,
  firewallRefusedSourcePacketsTotal,
  firewallSourceNatPacketsTotal,
  firewallSourceNatRuleInfo,
} from './metrics.ts';
import { type Rules, rulesOf } from './rules.ts';

export function sampleLimits(rules: Rules): Sample[] {
  const limits = rulesOf(rules, parseIptablesLimits, parseNftLimits);
  return limits.flatMap(({ connections, packets, position, tool, chain, ...target }) => {
    const place = { tool, chain, position: String(position) };
    return [
      sample(firewallConnectionLimit, connections, { ...place, ...target }),
      ...(packets === undefined ? [] : [sample(firewallConnectionLimitPacketsTotal, packets, place)]),
    ];
  });
}

export function sampleRates(rules: Rules): Sample[] {
  const limits = rulesOf(rules, parseIptablesRates, parseNftRates);
  return limits.flatMap(({ rate, packets, position, tool, chain, ...target }) => {
    const place = { tool, chain, position: String(position) };
    return [
      sample(firewallRateLimitInfo, 1, { ...place, rate, ...target }),
      ...(packets === undefined ? [] : [sample(firewallConnectionLimitPacketsTotal, packets, place)]),
    ];
  });
}

export function sampleSourceNat(rules: Rules): Sample[] {
  const translating = rulesOf(rules, parseIptablesSourceNat, parseNftSourceNat);
  return translating.flatMap(({ packets, isRandom, position, tool, chain, ...rest }) => {
    const place = { tool, chain, position: String(position) };
    return [
      sample(firewallSourceNatRuleInfo, 1, { ...place, ...rest, random: isRandom ? 'yes' : 'no' }),
      ...(packets === undefined ? [] : [sample(firewallSourceNatPacketsTotal, packets, place)]),
    ];
  });
}

export function sampleRefusedSources({ iptables }: Rules): Sample[] {
  return parseRefusedSources(iptables).flatMap(({ packets, position, tool, chain, ...rest }) => {
    const place = { tool, chain, position: String(position) };
    return [
      sample(firewallRefusedSourceInfo, 1, { ...place, ...rest }),
      ...sampleKnown(firewallRefusedSourcePacketsTotal, packets, place),
    ];
  });
}
