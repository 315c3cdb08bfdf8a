import { ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { parseFrom } from '../../host/read.ts';
import { dropsAll, type ForwardChain } from '../../parsers/firewall/paths/forward-path.ts';
import { parseIptablesNeighbours, parseNftNeighbours } from '../../parsers/firewall/paths/neighbour-path.ts';
import { parseSnmp6Counter } from '../../parsers/procfs/snmp6.ts';
import { type Sample, sampleKnown } from '../../scrape/metric.ts';
import { firewallDropsNeighboursInfo, firewallNeighbourMessagesTotal } from './metrics.ts';
import { type Rules, rulesOf } from './rules.ts';
import { sampleOnce } from './sample-once.ts';

/** `icmp6type2name` of net/ipv6/proc.c. Without chains that drop them, they are those of every host. */
const counters = {
  solicitation_sent: 'Icmp6OutNeighborSolicits',
  advertisement_received: 'Icmp6InNeighborAdvertisements',
} as const;

export async function sampleNeighbours(host: Host, rules: Rules): Promise<Sample[]> {
  const chains = rulesOf<ForwardChain>(rules, parseIptablesNeighbours, parseNftNeighbours).filter(dropsAll);
  const text = chains.length === 0 ? undefined : await ifPresent(host.readFile('/proc/net/snmp6'));
  if (text === undefined) return [];
  const read = (counter: string) => parseFrom('/proc/net/snmp6', text, (of) => parseSnmp6Counter(of, counter));
  return [
    ...sampleOnce(
      firewallDropsNeighboursInfo,
      chains.map(({ tool, name: chain }) => ({ tool, chain })),
    ),
    ...Object.entries(counters).flatMap(([message, counter]) =>
      sampleKnown(firewallNeighbourMessagesTotal, read(counter), { message }),
    ),
  ];
}
