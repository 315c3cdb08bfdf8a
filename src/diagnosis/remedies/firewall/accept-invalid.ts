import { type AcceptRule, deleteAccept, insertAccept } from '../../commands/accept-rule.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import {
  hostPrefix,
  isIPv6,
  nameTarget,
  nftMatch,
  protocolOptions,
  type Target,
  targetOf,
} from '../../commands/target.ts';
import { ownerOf } from '../../owner.ts';
import { type FileLines, mapSome, type RemedyKind } from '../../remedy.ts';
import { showChain } from './look-at-limit.ts';

/** Every chain that drops them must accept them: what one chain accepts, another may still drop. */
export const acceptInvalid: RemedyKind = {
  docs: 'let-invalid-packets-through',
  effect: 'cure',
  preconditions: [],
  plan: (readings, found) => {
    const target = targetOf(found);
    if (target === undefined || found.id !== 'invalid-dropped') return undefined;
    const [first, ...rest] = listRules(found.details.chains, target);
    if (first === undefined) return undefined;
    const rules = [first, ...rest] as const;
    return {
      owner: ownerOf(readings),
      title: `Let INVALID packets to ${nameTarget(target)} through`,
      commands: mapSome(rules, insertAccept),
      tradeOff: 'The connections then work, but each one-way connection keeps an entry in the table.',
      undo: mapSome(rules, deleteAccept),
      persistent: mapSome(rules, (rule) => linesFor(rule, target)),
      verify: mapSome(rules, showRules),
    };
  },
};

export const acceptInvalidOvn: RemedyKind = {
  docs: 'let-invalid-packets-through',
  effect: 'cure',
  preconditions: [],
  plan: () => ({
    owner: 'platform team',
    title: 'If the cloud uses OVN: let INVALID packets through',
    commands: ['ovn-nbctl set NB_Global . options:use_ct_inv_match=false'],
    tradeOff:
      'Applies to every port of the cloud. Each one-way connection then keeps an entry in the table of the host.',
    undo: ['ovn-nbctl remove NB_Global . options use_ct_inv_match'],
    persistent: { none: 'OVN keeps this setting in its northbound database.' },
    verify: ['ovn-nbctl get NB_Global . options'],
  }),
};

const ofIptables = (chain: string) => chain.split(' ').length === 2;

/** Each chain once: iptables and nft both list the chains of iptables-nft. */
function listRules(chains: readonly string[], target: Target): AcceptRule[] {
  const names = [...new Set(chains.map((chain) => (ofIptables(chain) ? builtInChain(chain) : chain)))];
  const ofNft = names.filter((name) => !ofIptables(name) && !names.includes(name.slice(name.indexOf(' ') + 1)));
  return [
    ...names.filter(ofIptables).map((chain): AcceptRule => ({ ...byIptables(target), chain })),
    ...ofNft
      .filter((chain) => isOfFamily(chain, target))
      .map((chain): AcceptRule => ({ ...byNftables(target), chain })),
  ];
}

/** Programs write their own chains again: a rule in one of these would not stay. */
function builtInChain(place: string): string {
  const [table = '', chain = ''] = place.split(' ');
  return /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(chain) ? place : `${table} FORWARD`;
}

function isOfFamily(chain: string, target: Target): boolean {
  return !chain.startsWith(isIPv6(target) ? 'ip ' : 'ip6 ');
}

function byIptables(target: Target): Omit<AcceptRule, 'chain'> {
  const match = `-d ${hostPrefix(target)}${protocolOptions(target, '--dport')} -m conntrack --ctstate INVALID`;
  return { tool: isIPv6(target) ? 'ip6tables' : 'iptables', match, netns: target.netns };
}

function byNftables(target: Target): Omit<AcceptRule, 'chain'> {
  return { tool: 'nft', match: `${nftMatch(target, 'daddr', 'dport')} ct state invalid`, netns: target.netns };
}

function linesFor({ tool, chain, match }: AcceptRule, target: Target): FileLines {
  const [table = '', name = ''] = chain.split(' ');
  return tool === 'nft'
    ? { file: '/etc/nftables.conf', lines: [`insert rule ${chain} ${match} counter accept comment "lvs-exporter"`] }
    : {
        file: `/etc/iptables/rules.${isIPv6(target) ? 'v6' : 'v4'}`,
        lines: [`*${table}`, `-I ${name} 1 ${match} -j ACCEPT`, 'COMMIT'],
      };
}

function showRules({ tool, chain, netns }: AcceptRule): string {
  return commandInNamespace(netns, showChain(tool, chain));
}
