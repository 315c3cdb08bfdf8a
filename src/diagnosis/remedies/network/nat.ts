import { conntrackSetting } from '../../../collectors/conntrack-metrics.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { sysctlPlan } from '../../commands/sysctl.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

/** The rule is the operator's own: it is shown, with what to add to it. */
export const lookAtSourcePorts: RemedyKind = {
  docs: 'source-ports-of-nat',
  effect: 'look',
  preconditions: [],
  plan: (readings, found) => {
    if (found.id !== 'conntrack-insert-failing' || found.details.hasNoPorts) return undefined;
    // Zones explain the losses, and there is no NAT to look at.
    if (found.details.zonesWithoutNat.length > 0) return undefined;
    const run = (command: string) => commandInNamespace(readings.netns, `sh -c '${command}'`);
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title:
        'Show which rule translates sources. Add --random-fully to it (nftables: fully-random), and more addresses: --to-source FIRST-LAST (nftables: snat to FIRST-LAST)',
      commands: [
        run('iptables-save -t nat | grep -E "MASQUERADE|SNAT"'),
        run('nft list ruleset | grep -E "masquerade|snat to"'),
      ],
      verify: [commandInNamespace(readings.netns, 'conntrack -S')],
    };
  },
};

/** Segments outside the window are tracked, so NAT applies to them. */
export const beLiberal: RemedyKind = {
  docs: 'segments-outside-the-window',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings) => {
    const from = readings.value(conntrackSetting, { name: 'tcp_be_liberal' });
    if (from === undefined || from !== 0) return undefined;
    return {
      owner: ownerOf(readings),
      title: 'Track TCP segments outside the window instead of marking them INVALID',
      ...sysctlPlan(readings, [{ setting: 'net.netfilter.nf_conntrack_tcp_be_liberal', from, to: 1 }], readings.netns),
      tradeOff:
        'Rules that drop INVALID packets then stop forged RSTs only, not other forged segments of a connection.',
      verify: [commandInNamespace(readings.netns, 'conntrack -S')],
    };
  },
};
