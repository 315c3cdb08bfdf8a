import { keepalivedJournal } from '../../commands/journal.ts';
import { quoteShell } from '../../commands/shell.ts';
import type { AnyFound } from '../../finding.ts';
import { ownerOf } from '../../owner.ts';
import type { RemedyKind } from '../../remedy.ts';

export const startKeepalived: RemedyKind = {
  docs: 'restart-keepalived',
  effect: 'cure',
  preconditions: [],
  plan: (readings) => ({
    owner: ownerOf(readings),
    title: 'Start keepalived, and read in its log why it stopped',
    commands: ['systemctl start keepalived', `${keepalivedJournal} -n 50 --no-pager`],
    tradeOff: 'If it has the higher priority, it becomes master at once, unless nopreempt is configured.',
    undo: ['systemctl stop keepalived'],
    persistent: { none: 'To start keepalived at boot, type: systemctl enable keepalived' },
    verify: ['systemctl status keepalived --no-pager'],
  }),
};

export const restartKeepalived: RemedyKind = {
  docs: 'restart-keepalived',
  effect: 'cure',
  preconditions: [],
  plan: (readings, found) =>
    found.id === 'keepalived-kernel-disagrees' && !isServiceMissing(found)
      ? undefined
      : {
          owner: ownerOf(readings),
          title: 'Restart keepalived: it sets its addresses and virtual servers again',
          commands: ['systemctl restart keepalived'],
          tradeOff: 'Another director takes over for a moment, and this one loses its IPVS connections.',
          undo: { none: 'A restart cannot be undone.' },
          persistent: { none: 'Nothing to do: the configuration of keepalived does not change.' },
          verify: ['ip address show', 'ipvsadm -L -n'],
        },
};

function isServiceMissing(found: AnyFound): boolean {
  return (
    found.id === 'keepalived-kernel-disagrees' &&
    found.details.of === 'virtual server' &&
    found.details.reason === 'missing'
  );
}

export const addAddress: RemedyKind = {
  docs: 'move-an-address',
  effect: 'cure',
  preconditions: [],
  plan: (readings, found) => {
    const target = misplaced(found, false);
    return (
      target && {
        owner: ownerOf(readings),
        title: 'Add the address again, and announce it to the network',
        commands: [`ip address add ${target.prefix}`, ...announce(target)],
        tradeOff: 'None: keepalived removes the address when it stops being master.',
        undo: [`ip address del ${target.prefix}`],
        persistent: { none: 'keepalived sets its addresses when it becomes master.' },
        verify: ['ip address show'],
      }
    );
  },
};

export const removeAddress: RemedyKind = {
  docs: 'move-an-address',
  effect: 'cure',
  preconditions: [],
  plan: (readings, found) => {
    const target = misplaced(found, true);
    return (
      target && {
        owner: ownerOf(readings),
        title: 'Remove the address',
        commands: [`ip address del ${target.prefix}`],
        tradeOff: 'If no other director is master, no host has the address afterwards.',
        undo: [`ip address add ${target.prefix}`],
        persistent: { none: 'keepalived sets its addresses when it becomes master.' },
        verify: ['ip address show'],
      }
    );
  },
};

interface Misplaced {
  readonly address: string;
  readonly device: string;
  readonly prefix: string;
}

function misplaced(found: AnyFound, isBound: boolean): Misplaced | undefined {
  const { address, instance } = found.subject;
  if (found.id !== 'keepalived-address-misplaced' || found.details.isBound !== isBound) return undefined;
  if (address === undefined || instance === undefined) return undefined;
  const device = quoteShell(instance.interface);
  return { address, device, prefix: `${quoteShell(address)}/${address.includes(':') ? 128 : 32} dev ${device}` };
}

/** Gratuitous ARP. IPv6 announces itself when the address is added. */
function announce({ address, device }: Misplaced): string[] {
  return address.includes(':') ? [] : [`arping -c 3 -U -I ${device} ${quoteShell(address)}`];
}
