import { prerequisitesSettingOwnerRunning } from '../../../collectors/prerequisites/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { AnyFound } from '../../finding.ts';
import { ownerOf } from '../../owner.ts';
import { mapSome, type Plan, type RemedyKind, type Some } from '../../remedy.ts';

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
  const chains: Some<typeof first> = [first, ...rest];
  return {
    commands: mapSome(chains, ({ tool, chain }) => (tool === 'nft' ? insertNft(chain) : iptables(tool, chain, '-I'))),
    undo: mapSome(chains, ({ tool, chain }) => (tool === 'nft' ? deleteNft(chain) : iptables(tool, chain, '-D'))),
    persistent: { none: 'Add it where these rules are kept: /etc/nftables.conf, /etc/iptables/rules.v4, ufw.' },
  };
}

/** `filter INPUT` */
function iptables(tool: string, place: string, action: '-I' | '-D'): string {
  const [table = '', chain = ''] = place.split(' ');
  return `${tool} -t ${table} ${action} ${chain} ${action === '-I' ? '1 ' : ''}-p 112 -j ACCEPT`;
}

/** `inet filter input` */
function insertNft(chain: string): string {
  return `nft insert rule ${chain} meta l4proto 112 counter accept comment '"lvs-exporter"'`;
}

function deleteNft(chain: string): string {
  const handle = `nft -a list chain ${chain} | sed -n 's/.*"lvs-exporter".*# handle //p' | head -n 1`;
  return `nft delete rule ${chain} handle "$(${handle})"`;
}
