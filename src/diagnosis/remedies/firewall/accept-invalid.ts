import { commandInNamespace } from '../../commands/shell.ts';
import { hostPrefix, isIPv6, nameTarget, protocolOptions, targetOf } from '../../commands/target.ts';
import { ownerOf } from '../../owner.ts';
import type { RemedyKind } from '../../remedy.ts';

export const acceptInvalid: RemedyKind = {
  docs: 'let-invalid-packets-through',
  effect: 'cure',
  preconditions: ['iptables-installed'],
  plan: (readings, found) => {
    const target = targetOf(found);
    if (target === undefined) return undefined;
    const rule = `-d ${hostPrefix(target)}${protocolOptions(target, '--dport')} -m conntrack --ctstate INVALID -j ACCEPT`;
    const run = (options: string) =>
      commandInNamespace(target.netns, `${isIPv6(target) ? 'ip6tables' : 'iptables'} ${options}`);
    return {
      owner: ownerOf(readings),
      title: `Let INVALID packets to ${nameTarget(target)} through`,
      commands: [run(`-I FORWARD 1 ${rule}`)],
      tradeOff: 'The connections then work, but each one-way connection keeps an entry in the table.',
      undo: [run(`-D FORWARD ${rule}`)],
      persistent: [
        {
          file: `/etc/iptables/rules.${isIPv6(target) ? 'v6' : 'v4'}`,
          lines: ['*filter', `-I FORWARD 1 ${rule}`, 'COMMIT'],
        },
      ],
      verify: [run('-L FORWARD -n -v')],
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
