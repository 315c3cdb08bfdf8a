import {
  hostPrefix,
  isIPv6,
  nameTarget,
  nftMatch,
  nftTable,
  protocolOptions,
  targetOf,
} from '../../commands/target.ts';
import type { AnyFound } from '../../finding.ts';
import { entriesFor, type LimitPlan, limitBy } from './limit.ts';

export const limitDestination = limitBy({
  docs: 'a-limit-for-a-destination',
  effect: 'relief',
  precondition: 'not-exempt-yet',
  plan,
});

function plan(found: AnyFound): LimitPlan | undefined {
  const [target, entries] = [targetOf(found), limitOf(found)];
  if (target === undefined || entries === undefined) return undefined;
  return {
    limit: {
      netns: target.netns,
      isIPv6: isIPv6(target),
      entries,
      match: {
        iptables: `-d ${hostPrefix(target)}${protocolOptions(target, '--dport')}`,
        nft: nftMatch(target, 'daddr', 'dport'),
      },
      counts: '--connlimit-daddr',
      table: nftTable('limit', target),
      hooks: ['prerouting'],
    },
    holder: nameTarget(target),
    tradeOff:
      'Protects all other destinations. Above the limit, new connections to this destination fail. Present entries stay until they expire.',
  };
}

function limitOf({ numbers }: AnyFound): number | undefined {
  if (!('unrepliedEntries' in numbers) || !('presentEntries' in numbers)) return undefined;
  return entriesFor(numbers, { share: 0.5, maxShare: 0.8 });
}
