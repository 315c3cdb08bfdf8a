import { prerequisitesSettingOwnerRunning } from '../../../collectors/prerequisites/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import { type AcceptRule, deleteAccept, insertAccept } from '../../commands/chain.ts';
import type { AnyFound } from '../../finding.ts';
import { ownerOf } from '../../owner.ts';
import { mapSome, type Plan, type RemedyKind } from '../../remedy.ts';

const tradeOff =
  'Any machine of this network can send advertisements: add the address of the other director to the rule to limit it.';
const richRule = `'rule protocol value="vrrp" accept'`;

/** The rule goes before all others of each chain that drops. */
export const acceptVrrp: RemedyKind = {
  docs: 'let-vrrp-through',
  effect: 'cure',
  preconditions: [],
  plan: (readings, found) => {
    const commands = usesFirewalld(readings) ? firewalld : rulesFor(found);
    return (
      commands && {
        owner: ownerOf(readings),
        title: 'Let VRRP through on both directors',
        ...commands,
        tradeOff,
        verify: ['lvs-exporter diagnose'],
      }
    );
  },
};

type Commands = Pick<Plan, 'commands' | 'undo' | 'persistent'>;

const firewalld: Commands = {
  commands: [`firewall-cmd --add-rich-rule=${richRule}`],
  undo: [`firewall-cmd --remove-rich-rule=${richRule}`],
  persistent: { none: `\`firewall-cmd --permanent --add-rich-rule=${richRule}\` keeps it.` },
};

function usesFirewalld(readings: Readings): boolean {
  return readings.is(prerequisitesSettingOwnerRunning, { owner: 'firewalld' });
}

function rulesFor(found: AnyFound): Commands | undefined {
  if (found.id !== 'keepalived-advertisements-blocked') return undefined;
  const [first, ...rest] = found.details.dropping;
  if (first === undefined) return undefined;
  const rules = mapSome<typeof first, AcceptRule>([first, ...rest], ({ tool, chain }) =>
    tool === 'nft' ? { tool, chain, match: 'meta l4proto 112' } : { tool, chain, match: '-p 112' },
  );
  return {
    commands: mapSome(rules, insertAccept),
    undo: mapSome(rules, deleteAccept),
    persistent: { none: 'Add it where these rules are kept: /etc/nftables.conf, /etc/iptables/rules.v4, ufw.' },
  };
}
