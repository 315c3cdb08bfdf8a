import type { FirewallTexts } from '../../host/host.ts';
import { parseFrom } from '../../host/read.ts';
import { parseIptablesQueues, parseNftQueues, parsePacketQueues } from '../../parsers/firewall/packet-queues.ts';
import { type Sample, sample, sampleKnown } from '../../scrape/metric.ts';
import { firewallQueueDroppedPacketsTotal, firewallQueuePacketsTotal, firewallQueueRuleInfo } from './metrics.ts';
import { type Rules, rulesOf } from './rules.ts';

/** Rules without what the kernel has of their queues would all seem to lack a program. */
export function sampleQueues({ queues }: FirewallTexts, rules: Rules): Sample[] {
  if (queues === undefined) return [];
  const programs = parseFrom('/proc/net/netfilter/nfnetlink_queue', queues, parsePacketQueues);
  const queueing = rulesOf(rules, parseIptablesQueues, parseNftQueues);
  return [
    ...queueing.flatMap(({ packets, bypasses, first, last, position, tool, chain, rule }) => {
      const place = { tool, chain, position: String(position) };
      const labels = { ...place, rule, queues: `${first}-${last}`, bypass: bypasses ? 'yes' : 'no' };
      return [sample(firewallQueueRuleInfo, 1, labels), ...sampleKnown(firewallQueuePacketsTotal, packets, place)];
    }),
    ...programs.map(({ number, droppedPackets }) =>
      sample(firewallQueueDroppedPacketsTotal, droppedPackets, { queue: String(number) }),
    ),
  ];
}
