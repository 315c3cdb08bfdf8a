import { familiesOfChain, familyOfAddress, isChainOfIptables } from '../../../identity/firewall-chain.ts';
import { acceptPlan } from '../../commands/accept.ts';
import type { AcceptRule } from '../../commands/chain.ts';
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
import type { RemedyKind } from '../../remedy.ts';

/** Every chain that drops them must accept them: what one chain accepts, another may still drop. */
export const acceptInvalid: RemedyKind = {
  docs: 'let-invalid-packets-through',
  effect: 'cure',
  preconditions: [],
  plan: (readings, found) => {
    const target = targetOf(found);
    if (target === undefined || found.id !== 'invalid-dropped') return undefined;
    const accept = acceptPlan(readings, listRules(found.details.chains, target));
    if (accept === undefined) return undefined;
    return {
      ...accept,
      owner: ownerOf(readings),
      title: `Let INVALID packets to ${nameTarget(target)} through`,
      tradeOff: 'The connections then work, but each one-way connection keeps an entry in the table.',
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
