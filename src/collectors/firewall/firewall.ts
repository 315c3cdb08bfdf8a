import type { FirewallTexts } from '../host/host.ts';
import { parseFrom } from '../host/read.ts';
import { parseIptablesLimits, parseNftLimits } from '../parsers/firewall/connection-limit.ts';
import { dropsAll, type PacketState } from '../parsers/firewall/forward-path.ts';
import { parseIptablesForward } from '../parsers/firewall/iptables-path.ts';
import { parseIptablesSave } from '../parsers/firewall/iptables-save.ts';
import { parseNftForward } from '../parsers/firewall/nft-path.ts';
import { parseNftRuleset } from '../parsers/firewall/nft-ruleset.ts';
import { parseIptablesRates, parseNftRates } from '../parsers/firewall/rate-limit.ts';
import { type FirewallRule, isSpecific } from '../parsers/firewall/rule.ts';
import { findServiceProxies } from '../parsers/firewall/service-proxy.ts';
import { parseIptablesSourceNat, parseNftSourceNat } from '../parsers/firewall/source-nat.ts';
import { parseIptablesVrrp } from '../parsers/firewall/vrrp-iptables.ts';
import { parseNftVrrp } from '../parsers/firewall/vrrp-nft.ts';
import { type Cast, casts, type VrrpChain } from '../parsers/firewall/vrrp-packet.ts';
import type { Collector } from '../scrape/collector.ts';
import { type Metric, type Sample, sample } from '../scrape/metric.ts';
import {
  firewallConnectionLimit,
  firewallConnectionLimitPacketsTotal,
  firewallDropsVrrpInfo,
  firewallForwardDropsInvalidInfo,
  firewallForwardDropsUntrackedInfo,
  firewallInvalidDropPacketsTotal,
  firewallInvalidDropRuleInfo,
  firewallNatRuleInfo,
  firewallNotrackPacketsTotal,
  firewallNotrackRuleInfo,
  firewallRateLimitInfo,
  firewallServiceProxyInfo,
  firewallSourceNatPacketsTotal,
  firewallSourceNatRuleInfo,
  firewallSynproxyRuleInfo,
} from './firewall-metrics.ts';

/** What the firewall does to direct return. Starts commands, so it is not for serving: see `Host.firewall`. */
export const firewall: Collector = {
  name: 'firewall',
  help: 'Rules of iptables and nftables that keep packets out of connection tracking, translate them, or drop INVALID ones.',
  metrics: [
    firewallNotrackRuleInfo,
    firewallNotrackPacketsTotal,
    firewallNatRuleInfo,
    firewallInvalidDropRuleInfo,
    firewallInvalidDropPacketsTotal,
    firewallForwardDropsInvalidInfo,
    firewallForwardDropsUntrackedInfo,
    firewallSynproxyRuleInfo,
    firewallConnectionLimit,
    firewallConnectionLimitPacketsTotal,
    firewallRateLimitInfo,
    firewallDropsVrrpInfo,
    firewallServiceProxyInfo,
    firewallSourceNatRuleInfo,
    firewallSourceNatPacketsTotal,
  ],
  schedule: '*/30 * * * * *',
  async collect(host) {
    const texts = (await host.firewall?.()) ?? refuse();
    const rules = parseRules(texts);
    const of = (wanted: FirewallRule['action']) => rules.filter(({ action }) => action === wanted);
    const notrack = of('notrack').filter(isSpecific);
    return [
      ...sampleByChain(firewallNotrackRuleInfo, notrack),
      ...sampleNotrackPackets(notrack),
      ...sampleOnce(firewallNatRuleInfo, of('translate').flatMap(targetsOf)),
      ...sampleDrops(of('drop_invalid')),
      ...sampleForward(texts, 'invalid', firewallForwardDropsInvalidInfo),
      ...sampleForward(texts, 'untracked', firewallForwardDropsUntrackedInfo),
      ...sampleByChain(firewallSynproxyRuleInfo, of('synproxy')),
      ...sampleLimits(texts),
      ...sampleRates(texts),
      ...casts.flatMap((cast) => sampleVrrp(texts, cast)),
      ...findServiceProxies([texts.iptables, texts.ip6tables, texts.nft]).map((proxy) =>
        sample(firewallServiceProxyInfo, 1, { proxy }),
      ),
      ...sampleSourceNat(texts),
    ];
  },
};

/** A recording does not have the rules. */
function refuse(): never {
  throw Object.assign(new Error('The rules of the firewall are not known'), { code: 'ENOENT' });
}

function parseRules({ iptables, ip6tables, nft }: FirewallTexts): FirewallRule[] {
  return [
    ...parse('iptables-save', iptables, parseIptablesSave),
    ...parse('ip6tables-save', ip6tables, parseIptablesSave),
    ...parse('nft', nft, parseNftRuleset),
  ];
}

function parse(command: string, text: string, parser: (text: string) => FirewallRule[]): FirewallRule[] {
  return text === '' ? [] : parseFrom(command, text, parser);
}

/** A rule may be there twice. */
function sampleOnce(metric: Metric, series: readonly Sample['labels'][]): Sample[] {
  const distinct = new Map(series.map((labels) => [JSON.stringify(labels), labels]));
  return [...distinct.values()].map((labels) => sample(metric, 1, labels));
}

function targetsOf({ protocol, destination: address, ports }: FirewallRule) {
  return (ports.length === 0 ? [''] : ports).map((port) => ({ protocol, address, port }));
}

function sampleByChain(metric: Metric, rules: readonly FirewallRule[]): Sample[] {
  const series = rules.flatMap((rule) => targetsOf(rule).map((target) => ({ chain: rule.chain, ...target })));
  return sampleOnce(metric, series);
}

function sampleNotrackPackets(rules: readonly FirewallRule[]): Sample[] {
  const sums = new Map<string, Sample>();
  for (const { chain, packets, target } of rules.flatMap(splitByTarget)) {
    if (packets === undefined) continue;
    const key = JSON.stringify([chain, target]);
    const { value = 0 } = sums.get(key) ?? {};
    sums.set(key, sample(firewallNotrackPacketsTotal, value + packets, { chain, ...target }));
  }
  return [...sums.values()];
}

function splitByTarget(rule: FirewallRule) {
  return targetsOf(rule).map((target) => ({ chain: rule.chain, packets: rule.packets, target }));
}

function sampleDrops(rules: readonly FirewallRule[]): Sample[] {
  const packetsByChain = new Map<string, number | undefined>();
  for (const { chain, packets } of rules) {
    const sum = packetsByChain.get(chain);
    packetsByChain.set(chain, packets === undefined ? sum : packets + (sum ?? 0));
  }
  return [...packetsByChain].flatMap(([chain, packets]) => [
    sample(firewallInvalidDropRuleInfo, 1, { chain }),
    ...(packets === undefined ? [] : [sample(firewallInvalidDropPacketsTotal, packets, { chain })]),
  ]);
}

/** Where packets of a state are dropped for certain. Any chain that drops them is enough. */
function sampleForward({ iptables, nft }: FirewallTexts, packet: PacketState, metric: Metric): Sample[] {
  const chains = [parseIptablesForward(iptables, packet) ?? [], nft === '' ? [] : parseNftForward(nft, packet)].flat();
  const names = new Set(chains.filter(dropsAll).map(({ name }) => name));
  return [...names].map((chain) => sample(metric, 1, { chain }));
}

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

function sampleLimits(texts: FirewallTexts): Sample[] {
  const limits = rulesOf(texts, parseIptablesLimits, parseNftLimits);
  return limits.flatMap(({ connections, packets, position, tool, chain, ...target }) => {
    const place = { tool, chain, position: String(position) };
    return [
      sample(firewallConnectionLimit, connections, { ...place, ...target }),
      ...(packets === undefined ? [] : [sample(firewallConnectionLimitPacketsTotal, packets, place)]),
    ];
  });
}

function sampleRates(texts: FirewallTexts): Sample[] {
  const limits = rulesOf(texts, parseIptablesRates, parseNftRates);
  return limits.flatMap(({ rate, packets, position, tool, chain, ...target }) => {
    const place = { tool, chain, position: String(position) };
    return [
      sample(firewallRateLimitInfo, 1, { ...place, rate, ...target }),
      ...(packets === undefined ? [] : [sample(firewallConnectionLimitPacketsTotal, packets, place)]),
    ];
  });
}

function sampleVrrp({ iptables, ip6tables, nft }: FirewallTexts, cast: Cast): Sample[] {
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

function sampleSourceNat(texts: FirewallTexts): Sample[] {
  const rules = rulesOf(texts, parseIptablesSourceNat, parseNftSourceNat);
  return rules.flatMap(({ packets, isRandom, position, tool, chain, ...rest }) => {
    const place = { tool, chain, position: String(position) };
    return [
      sample(firewallSourceNatRuleInfo, 1, { ...place, ...rest, random: isRandom ? 'yes' : 'no' }),
      ...(packets === undefined ? [] : [sample(firewallSourceNatPacketsTotal, packets, place)]),
    ];
  });
}
