import { ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { parseFrom } from '../../host/read.ts';
import { hasExpression } from '../../parsers/firewall/nft-tables.ts';
import { parseIptablesAccepted, parseIptablesRefusals } from '../../parsers/firewall/refusals/iptables-refusals.ts';
import { parseNftRefusals } from '../../parsers/firewall/refusals/nft-refusals.ts';
import type { Refusal } from '../../parsers/firewall/refusals/refusal.ts';
import { parseNetstatCounter } from '../../parsers/procfs/netstat.ts';
import { parseSnmp6Counter } from '../../parsers/procfs/snmp6.ts';
import { type Sample, sample, sampleKnown } from '../../scrape/metric.ts';
import {
  firewallAcceptedPacketsTotal,
  firewallGroupPacketsTotal,
  firewallKernelPacketsTotal,
  firewallRefusalInfo,
  firewallRefusedPacketsTotal,
} from './metrics.ts';
import { type Rules, rulesOf } from './rules.ts';

/** What the firewall refuses, and beside it what it lets through. */
export async function sampleRefusals(host: Host, rules: Rules): Promise<Sample[]> {
  const refusals = withoutOffloaded(rules, rulesOf(rules, parseIptablesRefusals, parseNftRefusals));
  // Without any, what passes does not matter.
  if (refusals.length === 0) return [];
  const accepted = parseIptablesAccepted(rules.iptables).map(({ tool, path, packets }) => {
    const family = tool.startsWith('ip6') ? 'ipv6' : 'ipv4';
    return sample(firewallAcceptedPacketsTotal, packets, { tool, family, path });
  });
  return [
    ...refusals.flatMap(({ tool, chain, position, rule, paths, owners, packets }) => [
      sample(firewallRefusalInfo, 1, { tool, chain, position, rule, paths: paths.join(), owners: owners.join() }),
      ...sampleKnown(firewallRefusedPacketsTotal, packets, { tool, chain, position }),
    ]),
    ...accepted,
    ...(await sampleKernel(host)),
  ];
}

/** Packets of connections in a flow table pass no chain and no counter: what is refused cannot be compared with what is forwarded. */
function withoutOffloaded({ iptables, nft }: Rules, refusals: readonly Refusal[]): readonly Refusal[] {
  const offloads =
    nft.rules.some((rule) => hasExpression(rule, 'flow')) ||
    iptables.some(({ rules }) => rules.some(({ target }) => target === 'FLOWOFFLOAD'));
  return offloads ? refusals.filter(({ paths }) => !paths.includes('forward')) : refusals;
}

/** As the kernel names them, without a prefix: `snmp4_ipstats_list` of net/ipv4/proc.c, `snmp6_ipstats_list` of net/ipv6/proc.c. */
const kernelCounters = [
  'InReceives',
  'InDelivers',
  'OutForwDatagrams',
  'OutRequests',
  'OutTransmits',
  // Packets that go no further, by a fault of theirs or as parts of a larger one.
  'InHdrErrors',
  'InAddrErrors',
  'InDiscards',
  'InNoRoutes',
  'ReasmReqds',
  'ReasmOKs',
] as const;

async function sampleKernel(host: Host): Promise<Sample[]> {
  const [snmp, netstat, snmp6] = await Promise.all([
    ifPresent(host.readFile('/proc/net/snmp')),
    ifPresent(host.readFile('/proc/net/netstat')),
    ifPresent(host.readFile('/proc/net/snmp6')),
  ]);
  const extended = (name: string) =>
    read('/proc/net/netstat', netstat, (text) => parseNetstatCounter(text, 'IpExt', name));
  const ipv4 = (name: string) =>
    name === 'InNoRoutes'
      ? extended(name)
      : read('/proc/net/snmp', snmp, (text) => parseNetstatCounter(text, 'Ip', name.replace('OutForw', 'Forw')));
  const ipv6 = (name: string) => read('/proc/net/snmp6', snmp6, (text) => parseSnmp6Counter(text, `Ip6${name}`));
  const [multicast, broadcast] = [extended('InMcastPkts'), extended('InBcastPkts')];
  return [
    ...kernelCounters.flatMap((name) => [
      ...sampleKnown(firewallKernelPacketsTotal, ipv4(name), { family: 'ipv4', counter: name }),
      ...sampleKnown(firewallKernelPacketsTotal, ipv6(name), { family: 'ipv6', counter: name }),
    ]),
    ...sampleKnown(firewallGroupPacketsTotal, multicast, { family: 'ipv4', to: 'multicast' }),
    ...sampleKnown(firewallGroupPacketsTotal, broadcast, { family: 'ipv4', to: 'broadcast' }),
    ...sampleKnown(firewallGroupPacketsTotal, ipv6('InMcastPkts'), { family: 'ipv6', to: 'multicast' }),
  ];
}

function read(path: string, text: string | undefined, parse: (text: string) => number | undefined) {
  return text === undefined ? undefined : parseFrom(path, text, parse);
}
