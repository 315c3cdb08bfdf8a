import { quoteShell } from '../../commands/shell.ts';
import type { AnyFound } from '../../finding.ts';
import { entriesFor, type LimitPlan, limitBy } from './limit.ts';

export const limitSource = limitBy({
  docs: 'a-limit-for-a-source',
  effect: 'cure',
  precondition: 'not-own-address',
  plan,
});

function plan(found: AnyFound): LimitPlan | undefined {
  const { source = '', namespace } = found.subject;
  const entries = limitOf(found);
  if (source === '' || entries === undefined) return undefined;
  const isIPv6 = source.includes(':');
  return {
    limit: {
      netns: namespace,
      isIPv6,
      entries,
      match: {
        iptables: `-s ${quoteShell(`${source}/${isIPv6 ? 128 : 32}`)}`,
        nft: `${isIPv6 ? 'ip6' : 'ip'} saddr ${source}`,
      },
      counts: '--connlimit-saddr',
      table: `lvs_limit_from_${source.replaceAll(/[.:]/g, '_')}`,
      hooks: ['prerouting'],
    },
    holder: source,
    tradeOff:
      'Above the limit, new connections from this address fail, to any destination. Present entries stay until they expire.',
  };
}

function limitOf({ id, numbers }: AnyFound): number | undefined {
  return id === 'conntrack-source-scan' ? entriesFor(numbers, { share: 0.1, maxShare: 0.5 }) : undefined;
}
