import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind, type Some } from '../../remedy.ts';

function look(docs: string, title: string, commands: Some<string>): RemedyKind {
  return {
    docs,
    effect: 'look',
    preconditions: [],
    plan: (readings) => ({
      ...onlyLooks,
      owner: ownerOf(readings),
      title,
      commands,
      verify: ['lvs-exporter diagnose'],
    }),
  };
}

export const lookAtUdpSockets = look(
  'udp-buffers',
  'Show the UDP sockets that have dropped packets (d in skmem) with their programs. Give the program that is too slow more threads, or find out why it hangs',
  ["ss -HOuanpm | grep -v ',d0)'"],
);

export const lookAtSendQueues = look(
  'udp-buffers',
  'Show the queue of each interface. One whose drops rise sends more than its link, or a limit of traffic control, lets through',
  ['tc -s qdisc show', 'ip -s link show'],
);

export const lookAtNeighbours = look(
  'neighbour-tables',
  'Count the neighbours of each interface. Many FAILED or INCOMPLETE ones on one interface: a program tries addresses that do not exist, or its network is too large',
  [
    'ip neighbour show | awk \'{ for (i = 1; i < NF; i++) if ($i == "dev") print $(i + 1), $NF }\' | sort | uniq -c | sort -rn | head',
  ],
);

export const lookAtLongPackets = look(
  'packets-that-are-too-long',
  'Show whose packets are too long, and for which length the message asks (mtu). It must reach their sender: no firewall on the way may drop ICMP',
  ["timeout 10 tcpdump -n -i any -c 40 'icmp[0] == 3 and icmp[1] == 4 or icmp6 and ip6[40] == 2'"],
);
