import { prerequisitesSettingOwnerRunning } from '../../../collectors/prerequisites/metrics.ts';
import { type FirewallChain, isChainOfIptables } from '../../../identity/firewall-chain.ts';
import { ownerOfRule } from '../../../identity/rule-owners.ts';
import type { Readings } from '../../../readings/readings.ts';
import { acceptPlan } from '../../commands/accept.ts';
import type { AcceptRule } from '../../commands/chain.ts';
import { ownerOf } from '../../owner.ts';
import type { Plan, RemedyKind } from '../../remedy.ts';

const richRule = `'rule protocol value="vrrp" accept'`;

/** The rule goes before all others of each chain that drops. */
export const acceptVrrp: RemedyKind = {
  docs: 'let-vrrp-through',
  effect: 'cure',
  preconditions: [],
  plan: (readings, { id, details }) => {
    if (id !== 'keepalived-advertisements-blocked') return undefined;
    const { netns } = readings;
    const rules = details.dropping.map(
      ({ tool, chain }): AcceptRule => ({ tool, chain, match: tool === 'nft' ? 'meta l4proto 112' : '-p 112', netns }),
    );
    const plan = isLeftToFirewalld(readings, details.dropping) ? byFirewalld : acceptPlan(readings, rules);
    return (
      plan && {
        owner: ownerOf(readings),
        title: 'Let VRRP through on both directors',
        ...plan,
        tradeOff:
          'Any machine of this network can send advertisements: add the address of the other director to the rule to limit it.',
      }
    );
  },
};

const byFirewalld: Pick<Plan, 'commands' | 'undo' | 'persistent' | 'verify'> = {
  commands: [`firewall-cmd --add-rich-rule=${richRule}`],
  undo: [`firewall-cmd --remove-rich-rule=${richRule}`],
  persistent: { none: `\`firewall-cmd --permanent --add-rich-rule=${richRule}\` keeps it.` },
  verify: ['lvs-exporter diagnose'],
};

/** What it accepts, a chain of another table still drops. Of iptables, firewalld has every table. */
function isLeftToFirewalld(readings: Readings, dropping: readonly FirewallChain[]): boolean {
  return (
    readings.is(prerequisitesSettingOwnerRunning, { owner: 'firewalld' }) &&
    dropping.every(({ chain }) => isChainOfIptables(chain) || ownerOfRule(chain, '') === 'firewalld')
  );
}
