import { familiesOfChain, familyOfAddress, isChainOfIptables } from '../../../identity/firewall-chain.ts';
import { type AcceptRule, deleteAccept, insertAccept, insertLine, showChain } from '../../commands/chain.ts';
import { type KeptRules, keepRules } from '../../commands/rule-files.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import {
  hostPrefix,
  iptablesFor,
  nameTarget,
  nftMatch,
  protocolOptions,
  type Target,
  targetOf,
} from '../../commands/target.ts';
import { ownerOf } from '../../owner.ts';
import { mapSome, type RemedyKind } from '../../remedy.ts';

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
      persistent: keepRules(readings, mapSome(rules, keptForm)),
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

/** Each chain once: iptables and nft both list the chains of iptables-nft. */
function listRules(chains: readonly string[], target: Target): AcceptRule[] {
  const family = familyOfAddress(target.address);
  const names = [...new Set(chains.map((chain) => (isChainOfIptables(chain) ? builtInChain(chain) : chain)))];
  const isRepeated = (name: string) => names.includes(name.slice(name.indexOf(' ') + 1));
  return names.flatMap((chain): AcceptRule[] => {
    if (isChainOfIptables(chain)) return [{ ...byIptables(target), chain }];
    const rule = { ...byNftables(target), chain };
    return isRepeated(chain) || !familiesOfChain(rule).includes(family) ? [] : [rule];
  });
}

/** Programs write their own chains again: a rule in one of these would not stay. */
function builtInChain(place: string): string {
  const [table = '', chain = ''] = place.split(' ');
  return /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(chain) ? place : `${table} FORWARD`;
}

function byIptables(target: Target): Omit<AcceptRule, 'chain'> {
  const match = `-d ${hostPrefix(target)}${protocolOptions(target, '--dport')} -m conntrack --ctstate INVALID`;
  return { tool: iptablesFor(target), match, netns: target.netns };
}

function byNftables(target: Target): Omit<AcceptRule, 'chain'> {
  return { tool: 'nft', match: `${nftMatch(target, 'daddr', 'dport')} ct state invalid`, netns: target.netns };
}

function keptForm(rule: AcceptRule): KeptRules {
  const { tool, chain, match } = rule;
  if (tool === 'nft') return { tool, lines: [insertLine(rule)] };
  const [table = '', name = ''] = chain.split(' ');
  return { tool, table, lines: [`-I ${name} 1 ${match} -j ACCEPT`] };
}

function showRules(rule: AcceptRule): string {
  return commandInNamespace(rule.netns, showChain(rule));
}
