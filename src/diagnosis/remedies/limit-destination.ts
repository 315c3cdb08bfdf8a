import { count } from '../../readings/format.ts';
import type { Readings } from '../../readings/readings.ts';
import { hostPrefix, isIPv6, nameTarget, nftMatch, nftTable, protocolOptions, targetOf } from '../commands/target.ts';
import type { AnyFound } from '../finding.ts';
import { ownerOf } from '../owner.ts';
import type { Plan, RemedyKind } from '../remedy.ts';
import { byIptables, byNftables, type Limit } from './limit.ts';

/** A destination may hold this part of a table, and its replied connections must fit in with room to spare. */
const share = 0.5;
const roomForReplied = 1.25;
/** Beyond this part of the table, a limit protects no neighbours. */
const maxShare = 0.8;

function limitOf({ numbers }: AnyFound): number | undefined {
  if (!('unrepliedEntries' in numbers) || !('presentEntries' in numbers)) return undefined;
  const { presentEntries, unrepliedEntries = 0, limitEntries } = numbers;
  if (limitEntries === undefined) return undefined;
  const limit = Math.ceil(Math.max(share * limitEntries, roomForReplied * (presentEntries - unrepliedEntries)));
  return limit <= maxShare * limitEntries ? limit : undefined;
}

export const limitDestinationIptables: RemedyKind = {
  docs: 'a-limit-for-a-destination',
  effect: 'relief',
  preconditions: ['iptables-installed', 'not-exempt-yet'],
  plan: (readings, found) => planFor(readings, found, 'iptables'),
};

export const limitDestinationNftables: RemedyKind = {
  docs: 'a-limit-for-a-destination',
  effect: 'relief',
  preconditions: ['nft-installed', 'not-exempt-yet'],
  plan: (readings, found) => planFor(readings, found, 'nftables'),
};

function planFor(readings: Readings, found: AnyFound, tool: 'iptables' | 'nftables'): Plan | undefined {
  const [target, entries] = [targetOf(found), limitOf(found)];
  if (target === undefined || entries === undefined) return undefined;
  const limit: Limit = {
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
  };
  return {
    owner: ownerOf(readings),
    title: `Let ${nameTarget(target)} hold ${count(entries)} entries and no more, with ${tool}`,
    ...(tool === 'iptables' ? byIptables(limit) : byNftables(limit)),
    tradeOff:
      'Protects all other destinations: beyond the limit, new connections to this one fail. Entries that are there stay until they expire.',
  };
}
