import { keepalivedVrrpAddressBound } from '../../collectors/keepalived/metrics.ts';
import { ownerOf } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import { describeInstance, type Instance, listInstances } from '../../readings/vrrp-instances.ts';
import type { Finding, Remedy } from '../finding.ts';
import { quote } from '../remedies/shell.ts';

/** Virtual addresses that are not where the state says. Who has an address answers for it, whatever VRRP says. */
export function addressesUnlikeState(readings: Readings): Finding[] {
  return listInstances(readings).flatMap((instance) => compareAddresses(readings, instance));
}

function compareAddresses(readings: Readings, instance: Instance): Finding[] {
  const { state, labels } = instance;
  if (state === undefined) return [];
  return readings.all(keepalivedVrrpAddressBound, labels).flatMap(({ labels: { address = '' }, value: bound }) => {
    if (state === 'master' && bound === 0) return [notBound(readings, instance, address)];
    return state !== 'master' && bound === 1 ? [boundAsBackup(readings, instance, state, address)] : [];
  });
}

function notBound(readings: Readings, instance: Instance, address: string): Finding {
  const [add, remove] = addressCommands(instance, address);
  return {
    id: 'address-not-bound',
    subject: address,
    urgency: 'critical',
    title: `The ${describeInstance(instance)} is master, but this machine does not have its address ${address}`,
    evidence: ['State: master', `${address} is on no interface`],
    consequence: 'Nobody answers for the address: its services are down.',
    remedies: [
      {
        title: 'Put the address back, and tell the network',
        by: ownerOf(readings),
        commands: [add, ...announce(instance, address)],
        tradeOff: 'keepalived takes it away again when it stops being master, as it would its own.',
        undo: [remove],
      },
      restartKeepalived(readings),
    ],
    runbook: 'KeepalivedAddressMisplaced',
  };
}

function boundAsBackup(readings: Readings, instance: Instance, state: string, address: string): Finding {
  const [add, remove] = addressCommands(instance, address);
  return {
    id: 'address-bound-twice',
    subject: address,
    urgency: 'critical',
    title: `The ${describeInstance(instance)} is in state ${state}, but this machine has its address ${address}`,
    evidence: [`State: ${state}`, `${address} is on ${instance.labels.interface}`],
    consequence: 'Two machines answer for the address: part of the clients reach the wrong one.',
    remedies: [
      {
        title: 'Take the address away',
        by: ownerOf(readings),
        commands: [remove],
        tradeOff: 'If no other director is master, nobody has it then.',
        undo: [add],
      },
      restartKeepalived(readings),
    ],
    runbook: 'KeepalivedAddressMisplaced',
  };
}

function addressCommands({ labels }: Instance, address: string): readonly [add: string, remove: string] {
  const prefix = `${quote(address)}/${address.includes(':') ? 128 : 32} dev ${quote(labels.interface ?? '')}`;
  return [`ip address add ${prefix}`, `ip address del ${prefix}`];
}

/** Gratuitous ARP. IPv6 announces itself when the address is added. */
function announce({ labels }: Instance, address: string): string[] {
  return address.includes(':') ? [] : [`arping -c 3 -U -I ${quote(labels.interface ?? '')} ${quote(address)}`];
}

function restartKeepalived(readings: Readings): Remedy {
  return {
    title: 'Restart keepalived, which puts its addresses in order',
    by: ownerOf(readings),
    commands: ['systemctl restart keepalived'],
    tradeOff: 'Another director takes over for a moment.',
    undo: [],
  };
}
