import { count } from '../../readings/format.ts';
import type { Readings } from '../../readings/readings.ts';
import { inNamespace } from '../commands/shell.ts';
import { hostPrefix, isIPv6, nameTarget, nftMatch, nftTable, protocolOptions, targetOf } from '../commands/target.ts';
import type { AnyFound } from '../finding.ts';
import { ownerOf } from '../owner.ts';
import type { RemedyKind } from '../remedy.ts';

/** A destination may hold this part of a table, and its replied connections must fit in with room to spare. */
const share = 0.5;
const roomForReplied = 1.25;
/** Beyond this part of the table, a limit protects no neighbours. */
const maxShare = 0.8;

function limitOf({ numbers }: AnyFound): number | undefined {
  if (!('unrepliedEntries' in numbers) || !('presentEntries' in numbers)) return undefined;
  const { presentEntries, unrepliedEntries, limitEntries } = numbers;
  if (limitEntries === undefined) return undefined;
  const limit = Math.ceil(Math.max(share * limitEntries, roomForReplied * (presentEntries - unrepliedEntries)));
  return limit <= maxShare * limitEntries ? limit : undefined;
}

/** Before NAT changes the destination, and after connection tracking: the chains of mangle (-150) are between. */
export const limitDestinationIptables: RemedyKind = {
  docs: 'a-limit-for-a-destination',
  effect: 'relief',
  preconditions: ['iptables-installed', 'not-exempt-yet'],
  plan: (readings, found) => {
    const [target, limit] = [targetOf(found), limitOf(found)];
    if (target === undefined || limit === undefined) return undefined;
    const rule =
      `-d ${hostPrefix(target)}${protocolOptions(target, '--dport')} -m conntrack --ctstate NEW ` +
      `-m connlimit --connlimit-above ${limit} --connlimit-mask ${isIPv6(target) ? 128 : 32} --connlimit-daddr -j DROP`;
    const run = (options: string) =>
      inNamespace(target.netns, `${isIPv6(target) ? 'ip6tables' : 'iptables'} -t mangle ${options}`);
    return {
      ...about(readings, nameTarget(target), limit, 'iptables'),
      commands: [run(`-I PREROUTING 1 ${rule}`)],
      undo: [run(`-D PREROUTING ${rule}`)],
      persistent: [
        {
          file: `/etc/iptables/rules.${isIPv6(target) ? 'v6' : 'v4'}`,
          lines: ['*mangle', `-I PREROUTING 1 ${rule}`, 'COMMIT'],
        },
      ],
      verify: [run('-L PREROUTING -n -v'), inNamespace(target.netns, 'conntrack -C')],
    };
  },
};

export const limitDestinationNftables: RemedyKind = {
  docs: 'a-limit-for-a-destination',
  effect: 'relief',
  preconditions: ['nft-installed', 'not-exempt-yet'],
  plan: (readings, found) => {
    const [target, limit] = [targetOf(found), limitOf(found)];
    if (target === undefined || limit === undefined) return undefined;
    const table = nftTable('limit', target);
    const run = (command: string) => inNamespace(target.netns, `nft ${command}`);
    const chain = `add chain inet ${table} prerouting { type filter hook prerouting priority -150; policy accept; }`;
    const rule = `add rule inet ${table} prerouting ${nftMatch(target, 'daddr', 'dport')} ct state new ct count over ${limit} counter drop`;
    return {
      ...about(readings, nameTarget(target), limit, 'nftables'),
      commands: [run(`add table inet ${table}`), run(`'${chain}'`), run(rule)],
      undo: [run(`delete table inet ${table}`)],
      persistent: [{ file: '/etc/nftables.conf', lines: [`add table inet ${table}`, chain, rule] }],
      verify: [run(`list table inet ${table}`), inNamespace(target.netns, 'conntrack -C')],
    };
  },
};

function about(readings: Readings, name: string, limit: number, tool: string) {
  return {
    owner: ownerOf(readings),
    title: `Let ${name} hold ${count(limit)} entries and no more, with ${tool}`,
    tradeOff:
      'Protects all other destinations: beyond the limit, new connections to this one fail. Entries that are there stay until they expire.',
  };
}
