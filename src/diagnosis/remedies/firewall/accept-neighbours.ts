import { acceptPlan } from '../../commands/accept.ts';
import type { AcceptRule } from '../../commands/chain.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import type { RemedyKind } from '../../remedy.ts';

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
    const wanted = details.dropping.flatMap(({ tool, chain }): AcceptRule[] =>
      tool === 'nft'
        ? [{ tool, chain, match: inNft, netns }]
        : types.map((type) => ({ tool, chain, match: `-p ipv6-icmp -m icmpv6 --icmpv6-type ${type}`, netns })),
    );
    const accept = acceptPlan(readings, wanted);
    if (accept === undefined) return undefined;
    return {
      ...accept,
      owner: ownerOf(readings),
      title: 'Accept neighbour discovery of IPv6, before all other rules',
      tradeOff: 'Any machine of the same network can send these messages, as it can send ARP.',
      verify: [commandInNamespace(netns, 'ip -6 neigh'), ...accept.verify],
    };
  },
};
