import { prerequisitesOwnAddressInfo } from '../../../collectors/prerequisites/metrics.ts';
import { quoteShell } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

export const lookAtNeighbour: RemedyKind = {
  docs: 'neighbours-that-do-not-answer',
  effect: 'look',
  preconditions: [],
  plan: (readings, { id, subject }) => {
    const address = subject.destination?.address ?? subject.realServer?.address ?? subject.address;
    if (id !== 'neighbour-silent' || address === undefined || subject.interface === undefined) return undefined;
    const device = quoteShell(subject.interface);
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: `Show whether ${address} is asked for on the right interface, and whether it answers. If it does not, start it, or correct its address or the route`,
      commands: [
        `ip route get ${address}`,
        `ip neighbour show to ${address}`,
        `timeout 5 tcpdump -n -e -c 10 -i ${device} 'arp and host ${address}'`,
      ],
      verify: [`ip neighbour show to ${address}`],
    };
  },
};

/** Longer filters are hard to read. */
const maxAddresses = 16;

/** Of broadcasts, the kernel counts those of networks that this host is not part of. */
export const lookAtMisaddressed: RemedyKind = {
  docs: 'packets-for-other-addresses',
  effect: 'look',
  preconditions: [],
  plan: (readings, { id }) => {
    const own = readings
      .all(prerequisitesOwnAddressInfo)
      .map(({ labels: { address = '' } }) => address)
      .filter((address) => !address.includes(':') && !address.startsWith('127.'));
    if (id !== 'misaddressed-packets' || own.length === 0 || own.length > maxAddresses) return undefined;
    const others = own.map((address) => `not dst host ${address}`).join(' and ');
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title:
        'Show which addresses they are for, and which hardware address sends them. If one is the virtual address of a service of this host, add it to lo. Packets to ff:ff:ff:ff:ff:ff are broadcasts: change nothing',
      commands: [
        `timeout 10 tcpdump -n -e -Q in -i any -c 40 'ip and not ip multicast and not ip broadcast and ${others}'`,
      ],
      verify: ['nstat -az IpInAddrErrors'],
    };
  },
};
