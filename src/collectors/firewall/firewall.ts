import type { FirewallTexts } from '../../host/host.ts';
import { parseFrom } from '../../host/read.ts';
import { plainChain } from '../../identity/firewall-chain.ts';
import { parseIptablesTargets, parseNftTargets } from '../../parsers/firewall/destination-nat.ts';
import { parseIptablesSave } from '../../parsers/firewall/iptables-save.ts';
import { parseNftRuleset } from '../../parsers/firewall/nft-ruleset.ts';
import { casts } from '../../parsers/firewall/paths/vrrp-packet.ts';
import { type FirewallRule, isSpecific } from '../../parsers/firewall/rule.ts';
import { findServiceProxies } from '../../parsers/firewall/service-proxy.ts';
import type { Collector } from '../../scrape/collector.ts';
import { type Metric, type Sample, sample } from '../../scrape/metric.ts';
import { sampleForward, sampleVrrp } from './dropping-chains.ts';
import {
  firewallAcceptedPacketsTotal,
  firewallConnectionLimit,
  firewallConnectionLimitPacketsTotal,
  firewallDropsNeighboursInfo,
  firewallDropsVrrpInfo,
  firewallForwardDropsInvalidInfo,
  firewallForwardDropsUntrackedInfo,
  firewallGroupPacketsTotal,
  firewallInvalidDropPacketsTotal,
  firewallInvalidDropRuleInfo,
  firewallKernelPacketsTotal,
  firewallNatRuleInfo,
  firewallNatTargetInfo,
  firewallNeighbourMessagesTotal,
  firewallNotrackPacketsTotal,
  firewallNotrackRuleInfo,
  firewallOneWayZonesInfo,
  firewallQueueDroppedPacketsTotal,
  firewallQueuePacketsTotal,
  firewallQueueRuleInfo,
  firewallRateLimitInfo,
  firewallRefusalInfo,
  firewallRefusedPacketsTotal,
  firewallRefusedSourceInfo,
  firewallRefusedSourcePacketsTotal,
  firewallServiceProxyInfo,
  firewallSourceNatPacketsTotal,
  firewallSourceNatRuleInfo,
  firewallSynproxyRuleInfo,
} from './metrics.ts';
import { sampleNeighbours } from './neighbours.ts';
import { sampleOneWayZones } from './one-way-zones.ts';
import { sampleLimits, sampleRates, sampleRefusedSources, sampleSourceNat } from './placed-rules.ts';
import { sampleQueues } from './queues.ts';
import { sampleRefusals } from './refusals.ts';
import { type Rules, readRules, rulesOf } from './rules.ts';
import { sampleOnce } from './sample-once.ts';

/** What the firewall does to direct return. Starts commands, so it is not for serving: see `Host.firewall`. */
export const firewall: Collector = {
  name: 'firewall',
  help: 'Rules of iptables and nftables that keep packets out of connection tracking, translate them, or drop INVALID ones.',
  metrics: [
    firewallNotrackRuleInfo,
    firewallNotrackPacketsTotal,
    firewallNatRuleInfo,
    firewallNatTargetInfo,
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
    firewallDropsNeighboursInfo,
    firewallNeighbourMessagesTotal,
    firewallQueueRuleInfo,
    firewallQueuePacketsTotal,
    firewallQueueDroppedPacketsTotal,
    firewallSourceNatRuleInfo,
    firewallSourceNatPacketsTotal,
    firewallOneWayZonesInfo,
    firewallRefusalInfo,
    firewallRefusedPacketsTotal,
    firewallRefusedSourceInfo,
    firewallRefusedSourcePacketsTotal,
    firewallAcceptedPacketsTotal,
    firewallKernelPacketsTotal,
    firewallGroupPacketsTotal,
  ],
  schedule: '*/30 * * * * *',
  async collect(host) {
    const texts = (await host.firewall?.()) ?? refuse();
    const rules = readRules(texts);
    const returning = readReturning(texts, rules);
    const of = (wanted: FirewallRule['action']) => returning.filter(({ action }) => action === wanted);
    const notrack = of('notrack').filter(isSpecific);
    const samples = [
      ...sampleByChain(firewallNotrackRuleInfo, notrack),
      ...sampleNotrackPackets(notrack),
      ...sampleOnce(firewallNatRuleInfo, of('translate').flatMap(targetsOf)),
      ...sampleOnce(firewallNatTargetInfo, rulesOf(rules, parseIptablesTargets, parseNftTargets)),
      ...sampleDrops(of('drop_invalid')),
      ...sampleForward(rules, 'invalid', firewallForwardDropsInvalidInfo),
      ...sampleForward(rules, 'untracked', firewallForwardDropsUntrackedInfo),
      ...sampleByChain(firewallSynproxyRuleInfo, of('synproxy')),
      ...sampleLimits(rules),
      ...sampleRates(rules),
      ...casts.flatMap((cast) => sampleVrrp(rules, cast)),
      ...findServiceProxies(Object.values(texts)).map((proxy) => sample(firewallServiceProxyInfo, 1, { proxy })),
      ...sampleSourceNat(rules),
      ...sampleQueues(texts, rules),
      ...(await sampleNeighbours(host, rules)),
      ...sampleOneWayZones(rules),
      ...sampleRefusedSources(rules),
      ...(await sampleRefusals(host, rules)),
    ];
    return samples.map(withPlainChain);
  },
};

function withPlainChain(one: Sample): Sample {
  const { chain } = one.labels;
  return chain === undefined ? one : { ...one, labels: { ...one.labels, chain: plainChain(chain) } };
}

/** A recording does not have the rules. */
function refuse(): never {
  throw Object.assign(new Error('The rules of the firewall are not known'), { code: 'ENOENT' });
}

/** What concerns direct return. */
function readReturning(texts: FirewallTexts, { nft }: Rules): FirewallRule[] {
  const saved = [
    ['iptables-save', texts.iptables],
    ['iptables-legacy-save', texts.iptablesLegacy],
    ['ip6tables-save', texts.ip6tables],
    ['ip6tables-legacy-save', texts.ip6tablesLegacy],
  ] as const;
  return [
    ...saved.flatMap(([command, text = '']) => parseFrom(command, text, parseIptablesSave)),
    ...parseNftRuleset(nft),
  ];
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
