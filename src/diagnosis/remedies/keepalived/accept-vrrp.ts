import { prerequisitesSettingOwnerRunning } from '../../../collectors/prerequisites/metrics.ts';
import { ownerOfRule } from '../../../identity/rule-owners.ts';
import { acceptPlan } from '../../commands/accept.ts';
import type { AcceptRule } from '../../commands/chain.ts';
import { ownerOf } from '../../owner.ts';
import { type FileLines, isNone, type Plan, type RemedyKind, type Some } from '../../remedy.ts';

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
    const isFirewalldRunning = readings.is(prerequisitesSettingOwnerRunning, { owner: 'firewalld' });
    const others = rules.filter(({ chain }) => !isFirewalldRunning || ownerOfRule(chain, '') !== 'firewalld');
    const accept = acceptPlan(readings, others);
    const plan = others.length === rules.length ? accept : join(byFirewalld, accept);
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

type Parts = Pick<Plan, 'commands' | 'undo' | 'persistent' | 'verify'>;

const byFirewalld = {
  commands: [`firewall-cmd --add-rich-rule=${richRule}`],
  undo: [`firewall-cmd --remove-rich-rule=${richRule}`],
  persistent: { none: `\`firewall-cmd --permanent --add-rich-rule=${richRule}\` keeps it.` },
  verify: ['lvs-exporter diagnose'],
} as const satisfies Parts;

/** What firewalld accepts, a chain of another program still drops. */
function join(own: typeof byFirewalld, others: Parts | undefined): Parts {
  if (others === undefined) return own;
  const { commands, undo, persistent, verify } = others;
  return {
    commands: [...own.commands, ...commands],
    undo: isNone(undo) ? undo : [...own.undo, ...undo],
    persistent: { none: `${own.persistent.none} ${isNone(persistent) ? persistent.none : inWords(persistent)}` },
    verify: [...own.verify, ...verify],
  };
}

function inWords(files: Some<FileLines>): string {
  return files
    .map(({ file, where, lines }) => `Add to ${file}${where ? `, ${where}` : ''}: \`${lines.join('`, `')}\`.`)
    .join(' ');
}
