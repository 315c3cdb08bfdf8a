import { ownerOfRule, type RuleOwner } from '../../../identity/rule-owners.ts';
import { count } from '../../../readings/format.ts';
import { isUsedUp, listSourceNatRules, portsOf } from '../../../readings/network/source-nat.ts';
import type { Readings } from '../../../readings/readings.ts';
import { replaceRule } from '../../commands/chain.ts';
import { keepChanged, managerOf, ofThisNamespace } from '../../commands/rule-files.ts';
import { commandInNamespace, quoteShell } from '../../commands/shell.ts';
import type { AnyFound } from '../../finding.ts';
import { ownerOf } from '../../owner.ts';
import type { Plan, RemedyKind } from '../../remedy.ts';
import { ruleOwnerWords } from '../../text/firewall/rule-owners.ts';

type Rule = ReturnType<typeof listSourceNatRules>[number];

/** A rule that translates sources, changed: all ports where its own are used up, and chosen at random. */
export const randomPorts: RemedyKind = {
  docs: 'source-ports-of-nat',
  effect: 'cure',
  preconditions: [],
  plan: (readings, found) => {
    if (found.id !== 'conntrack-insert-failing' || found.details.hasNoPorts) return undefined;
    const rule = chooseRule(readings, found);
    if (rule === undefined) return undefined;
    const widens = rule.ports !== '' && isUsedUp(rule, translatedOf(found));
    if (rule.isRandom && !widens) return undefined;
    return {
      owner: ownerOf(readings),
      title: titleOf(rule, widens),
      ...(rule.tool === 'nft' ? byNft : byIptables)(rule, widens, readings),
      tradeOff: widens
        ? 'Ports outside the range are used too: do not apply this if another host shares the address by port ranges. Above 64,512 connections to one destination, NAT needs more addresses: --to-source FIRST-LAST (nftables: snat to FIRST-LAST).'
        : 'Source ports of clients are no longer preserved; some peer-to-peer programs need that. Present connections keep theirs. If all ports are in use, NAT needs more addresses: --to-source FIRST-LAST (nftables: snat to FIRST-LAST).',
      verify: [commandInNamespace(readings.netns, 'conntrack -S'), 'lvs-exporter diagnose'],
    };
  },
};

/** One that is out of ports, or that most connections pass. */
function chooseRule(readings: Readings, found: AnyFound): Rule | undefined {
  const rules = listSourceNatRules(readings);
  return (
    rules.find((rule) => rule.ports !== '' && isUsedUp(rule, translatedOf(found))) ??
    rules.find(({ isRandom }) => !isRandom)
  );
}

function translatedOf({ numbers }: AnyFound): number {
  return 'translatedEntries' in numbers ? (numbers.translatedEntries ?? 0) : 0;
}

function titleOf(rule: Rule, widens: boolean): string {
  const whose = rule.addresses === '' || rule.addresses === '?' ? 'NAT' : `NAT to ${rule.addresses}`;
  return widens
    ? `Let ${whose} use every source port, at random: its rule allows only ${count(portsOf(rule))} (${rule.ports}), which are used up`
    : `Let ${whose} choose source ports at random, so that two connections do not get the same port`;
}

type Parts = Pick<Plan, 'commands' | 'undo' | 'persistent'>;

function byIptables({ tool, chain, position, rule, ports }: Rule, widens: boolean, readings: Readings): Parts {
  const target = widens ? rule.replace(`:${ports}`, '').replace(` --to-ports ${ports}`, '') : rule;
  const changed = `${target.replace(/ --random(-fully)?\b/g, '')} --random-fully`;
  return {
    ...replaceRule({ tool, chain: `nat ${chain}`, position: String(position), netns: readings.netns }, rule, changed),
    persistent: keep(
      ownerOfRule(chain, rule) ?? managerOf(readings),
      keepChanged(readings, {
        tool,
        table: 'nat',
        where: 'instead of the same rule without --random-fully',
        lines: [`-A ${chain} ${changed}`],
      }),
    ),
  };
}

function byNft({ chain: path, position, ports }: Rule, widens: boolean, readings: Readings): Parts {
  const { netns } = readings;
  const chain = path.split(' ').map(quoteShell).join(' ');
  const saved = quoteShell(`/root/nft-source-nat-${position}`);
  const list = commandInNamespace(netns, `nft -a list chain ${chain}`);
  const replace = (by: string) => commandInNamespace(netns, `nft replace rule ${chain} handle ${position} "$(${by})"`);
  const widen = widens ? `s/:${ports}//; ` : '';
  return {
    commands: [
      `${list} | sed -n 's/ # handle ${position}$//p' >${saved}`,
      replace(`sed '${widen}s/$/ fully-random/' ${saved}`),
    ],
    undo: [replace(`cat ${saved}`)],
    persistent: keep(
      ownerOfRule(path, '') ?? managerOf(readings),
      ofThisNamespace(readings, {
        none: `Add fully-random${widens ? ` and remove the ports ${ports}` : ''} where the rule is configured: in /etc/nftables.conf, or in the program that sets it.`,
      }),
    ),
  };
}

const plugIn = 'The network plug-in sets this rule itself: change its configuration.';

/** Where programs that write such rules themselves have a setting for it. */
const settings: Partial<Record<RuleOwner, string>> = {
  'kube-proxy': 'kube-proxy sets this rule itself. Update it: newer versions choose ports at random.',
  neutron: 'Neutron sets this rule itself: set use_random_fully = True in section [agent] of its L3 agent.',
  docker: 'Docker sets this rule itself when it starts: run the commands after each start of Docker.',
  antrea: plugIn,
  calico: plugIn,
  cilium: plugIn,
  cni: plugIn,
  flannel: plugIn,
  'kube-router': plugIn,
  'ovn-kubernetes': plugIn,
  weave: plugIn,
};

/** @param others for a rule that the operator wrote */
function keep(owner: RuleOwner | undefined, others: Plan['persistent']): Plan['persistent'] {
  if (owner === undefined) return others;
  return {
    none: settings[owner] ?? `${ruleOwnerWords[owner].name} sets this rule itself: run the commands each time it has.`,
  };
}
