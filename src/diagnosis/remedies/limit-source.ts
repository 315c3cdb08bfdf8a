import { count } from '../../readings/format.ts';
import type { Readings } from '../../readings/readings.ts';
import { quote } from '../commands/shell.ts';
import type { AnyFound } from '../finding.ts';
import { ownerOf } from '../owner.ts';
import type { Plan, RemedyKind } from '../remedy.ts';
import { byIptables, byNftables, type Limit } from './limit.ts';

/** A source may hold this part of a table, and its replied connections must fit in with room to spare. */
const share = 0.1;
const roomForReplied = 1.25;
/** Beyond this part of the table, a limit protects no neighbours. */
const maxShare = 0.5;

export const limitSourceIptables: RemedyKind = {
  docs: 'a-limit-for-a-source',
  effect: 'cure',
  preconditions: ['iptables-installed', 'not-own-address'],
  plan: (readings, found) => planFor(readings, found, 'iptables'),
};

export const limitSourceNftables: RemedyKind = {
  docs: 'a-limit-for-a-source',
  effect: 'cure',
  preconditions: ['nft-installed', 'not-own-address'],
  plan: (readings, found) => planFor(readings, found, 'nftables'),
};

function planFor(readings: Readings, found: AnyFound, tool: 'iptables' | 'nftables'): Plan | undefined {
  const { source = '', namespace } = found.subject;
  const entries = limitOf(found);
  if (source === '' || entries === undefined) return undefined;
  const isIPv6 = source.includes(':');
  const limit: Limit = {
    netns: namespace,
    isIPv6,
    entries,
    match: {
      iptables: `-s ${quote(`${source}/${isIPv6 ? 128 : 32}`)}`,
      nft: `${isIPv6 ? 'ip6' : 'ip'} saddr ${source}`,
    },
    counts: '--connlimit-saddr',
    table: `lvs_limit_from_${source.replaceAll(/[.:]/g, '_')}`,
    hooks: ['prerouting'],
  };
  return {
    owner: ownerOf(readings),
    title: `Let ${source} hold ${count(entries)} entries and no more, with ${tool}`,
    ...(tool === 'iptables' ? byIptables(limit) : byNftables(limit)),
    tradeOff:
      'Beyond the limit, new connections of this address fail, whatever they are for. Its entries that are there stay until they expire.',
  };
}

function limitOf({ id, numbers }: AnyFound): number | undefined {
  if (id !== 'conntrack-source-scan') return undefined;
  const { presentEntries, unrepliedEntries, limitEntries } = numbers;
  if (limitEntries === undefined) return undefined;
  const limit = Math.ceil(Math.max(share * limitEntries, roomForReplied * (presentEntries - unrepliedEntries)));
  return limit <= maxShare * limitEntries ? limit : undefined;
}
