import { quoteShell } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

export const lookAtAdvertisements: RemedyKind = {
  docs: 'look-at-keepalived',
  effect: 'look',
  preconditions: [],
  plan: (readings, { id, subject: { instance } }) =>
    instance && {
      ...onlyLooks,
      owner: ownerOf(readings),
      title:
        id === 'keepalived-split-brain'
          ? 'Find the other master in the advertisements, and stop keepalived on the director with the lower priority'
          : 'Compare the configurations of both directors: password, addresses, advertisement interval, VRID',
      commands: [`timeout 10 tcpdump -n -vv -c 10 -i ${quoteShell(instance.interface)} vrrp`],
      verify: ['lvs-exporter diagnose'],
    },
};

export const lookAtPeers: RemedyKind = {
  docs: 'look-at-keepalived',
  effect: 'look',
  preconditions: [],
  plan: (readings, found) => {
    if (found.id !== 'keepalived-peer-unreachable') return undefined;
    const [first, ...rest] = found.details.peers.map(quoteShell);
    if (first === undefined) return undefined;
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: 'Ask the kernel how it reaches the peer, and look for this address on the other director',
      commands: [
        `ip neighbour show to ${first}`,
        ...[first, ...rest].map((peer) => `ip route get ${peer}`),
        ...rest.map((peer) => `ip neighbour show to ${peer}`),
      ],
      verify: ['lvs-exporter diagnose'],
    };
  },
};
