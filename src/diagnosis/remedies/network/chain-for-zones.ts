import { keepRules } from '../../commands/rule-files.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import type { RemedyKind } from '../../remedy.ts';

const table = 'inet lvs_zones';
const chain = `${table} postrouting { type nat hook postrouting priority srcnat; }`;

/** With any chain of NAT, the kernel gives every new entry a binding, and one whose replies another has other ports. */
export const chainForZones: RemedyKind = {
  docs: 'zones-of-one-direction',
  effect: 'cure',
  preconditions: ['nft-installed'],
  plan: (readings, found) => {
    if (found.id !== 'conntrack-insert-failing' || found.details.zonesWithoutNat.length === 0) return undefined;
    const run = (command: string) => commandInNamespace(readings.netns, `nft ${command}`);
    return {
      owner: ownerOf(readings),
      title: 'Create an empty chain of NAT, so that connections of two zones get different source ports',
      commands: [run(`add table ${table}`), run(`'add chain ${chain}'`)],
      tradeOff:
        'A connection whose addresses and ports another zone has is sent from another source port. Each new connection costs the kernel a little more.',
      undo: [run(`delete table ${table}`)],
      persistent: keepRules(readings, [{ tool: 'nft', lines: [`add table ${table}`, `add chain ${chain}`] }]),
      verify: [commandInNamespace(readings.netns, 'conntrack -S'), 'lvs-exporter diagnose'],
    };
  },
};
