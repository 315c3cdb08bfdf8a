import { type AcceptRule, deleteAccept, insertAccept, insertLine, showChain } from '../../commands/chain.ts';
import { type KeptRules, keepRules } from '../../commands/rule-files.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import { mapSome, type RemedyKind, type Some } from '../../remedy.ts';

/** Router advertisement, neighbour solicitation, neighbour advertisement: RFC 4861. Routers forward none (hop limit 255). */
const types = [134, 135, 136] as const;
const inNft = 'icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert }';

export const acceptNeighbours: RemedyKind = {
  docs: 'neighbours-of-ipv6',
  effect: 'cure',
  preconditions: [],
  plan: (readings, { id, details }) => {
    if (id !== 'neighbours-refused') return undefined;
    const { netns } = readings;
    const [first, ...rest] = details.dropping.flatMap(({ tool, chain }): AcceptRule[] =>
      tool === 'nft'
        ? [{ tool, chain, match: inNft, netns }]
        : types.map((type) => ({ tool, chain, match: `-p ipv6-icmp -m icmpv6 --icmpv6-type ${type}`, netns })),
    );
    if (first === undefined) return undefined;
    const rules: Some<AcceptRule> = [first, ...rest];
    return {
      owner: ownerOf(readings),
      title: 'Accept neighbour discovery of IPv6, before all other rules',
      commands: mapSome(rules, insertAccept),
      tradeOff: 'Any machine of the same network can send these messages, as it can send ARP.',
      undo: mapSome(rules, deleteAccept),
      persistent: keepRules(readings, mapSome(rules, keptForm)),
      verify: [commandInNamespace(netns, 'ip -6 neigh'), commandInNamespace(netns, showChain(first))],
    };
  },
};

function keptForm(rule: AcceptRule): KeptRules {
  const { tool, chain, match } = rule;
  if (tool === 'nft') return { tool, lines: [insertLine(rule)] };
  const [table = '', name = ''] = chain.split(' ');
  return { tool, table, lines: [`-I ${name} 1 ${match} -j ACCEPT`] };
}
