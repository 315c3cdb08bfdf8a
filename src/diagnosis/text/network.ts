import { nameDestination } from '../../readings/destinations.ts';
import { count, percent } from '../../readings/format.ts';
import { formatRise } from './rates.ts';
import type { Wording } from './words.ts';

type NetworkFinding =
  | 'does-not-forward'
  | 'misaddressed-packets'
  | 'sends-redirects'
  | 'answers-arp'
  | 'reverse-path-drops'
  | 'receive-queue-full'
  | 'neighbour-table-full'
  | 'neighbour-silent'
  | 'udp-buffer-full'
  | 'udp-send-queue-full'
  | 'packets-too-long'
  | 'time-wait-overflow';

/** Settings of the network that load balancing depends on, and limits of the kernel outside connection tracking. */
export const networkWording: Wording<NetworkFinding> = {
  'does-not-forward': ({ numbers: { lostPackets, lostPerSecond }, details: { interfaces, isDirector } }) => ({
    title: isDirector
      ? 'The load balancer does not forward packets, so it loses the replies of masqueraded real servers'
      : `This host does not forward packets${interfaces.length === 0 ? '' : ` from ${interfaces.join(', ')}`}, although it translates addresses for others`,
    notice: isDirector
      ? 'Users notice now: masqueraded services do not answer.'
      : interfaces.length === 0
        ? 'Users notice now: containers, virtual machines or networks behind this host have no connection, and ports that it publishes for them do not answer.'
        : `Users notice now if what is behind ${interfaces.join(', ')} uses this host as its gateway: it has no connection.`,
    evidence: [
      interfaces.length === 0
        ? 'net.ipv4.ip_forward is 0'
        : `net.ipv4.conf.*.forwarding is 0 for ${interfaces.join(', ')}`,
      ...(isDirector ? ['It has masqueraded real servers'] : []),
      ...(lostPackets === undefined
        ? []
        : [`Packets for other hosts that were dropped (InAddrErrors): ${formatRise(lostPackets, lostPerSecond)}`]),
    ],
    consequence: isDirector
      ? 'Clients of masqueraded services (NAT) get no reply.'
      : 'Docker, libvirt and others turn forwarding on when they start. What applies the settings of /etc/sysctl.d again later, or a guide for hardening, turns it off.',
  }),
  'misaddressed-packets': ({ numbers: { lostPackets, lostPerSecond } }) => ({
    title: `This host gets ${count(lostPerSecond)} packets per second for addresses that it does not have`,
    notice: 'Users notice now if this host should answer for these addresses: their connections do not open.',
    evidence: [
      `InAddrErrors: ${formatRise(lostPackets, lostPerSecond)}`,
      'net.ipv4.ip_forward is 0, so they are dropped',
    ],
    consequence:
      'A real server without the virtual address of its service on lo or tunl0, an address that moved to another host, or a route that leads here by mistake. Or broadcasts of another network on the same wire, which do no harm.',
  }),
  'sends-redirects': ({ details: { interfaces } }) => ({
    title: 'The load balancer may send ICMP redirects to its real servers',
    notice: 'Some users in the network of the real servers notice now and then: their connections fail.',
    evidence: [`send_redirects is on for ${interfaces.join(', ')}`, 'It has masqueraded real servers'],
    consequence:
      'A redirected real server sends its replies straight to the client. They are not translated (NAT), come from the wrong address, and the client refuses them.',
  }),
  'answers-arp': ({ subject: { address, interface: device }, details: { settings } }) => ({
    title: `This machine answers ARP requests for ${address} (on ${device}), an address of the load balancer`,
    notice: 'Users notice now and then: they reach this machine instead of the load balancer.',
    evidence: settings.map(
      ({ name, presentSetting, neededSetting }) =>
        `${name} is ${presentSetting} on ${device}, and must be ${neededSetting}`,
    ),
    consequence:
      'Clients and routers sometimes send packets for the load balancer to this machine, so they are not balanced.',
  }),
  'reverse-path-drops': ({ numbers, details: { strictInterfaces } }) => ({
    title:
      'This host drops packets that arrive on another interface than its replies to them would leave by (reverse path filter)',
    notice: 'Some users may not be able to connect.',
    evidence: [
      `Packets whose source is routed through another interface: ${formatRise(numbers.filteredPackets, numbers.filteredPerSecond)}`,
      ...(strictInterfaces.length > 0 ? [`rp_filter is strict on ${strictInterfaces.join(', ')}`] : []),
    ],
    consequence:
      'Clients whose packets arrive on another interface than the route back to them cannot connect. Such packets are normal with direct server return.',
  }),
  'receive-queue-full': ({ numbers: { droppedPackets, droppedPerSecond, limitPackets } }) => ({
    title: `This host drops ${count(droppedPerSecond)} received packets per second: they arrive faster than its processors take them`,
    notice: 'Users notice now: connections are slow or fail, whatever the service.',
    evidence: [
      `/proc/net/softnet_stat: ${count(droppedPackets)} packets dropped since the previous reading`,
      ...(limitPackets === undefined
        ? []
        : [`net.core.netdev_max_backlog is ${count(limitPackets)}: so many packets wait for each processor`]),
    ],
    consequence:
      'Each processor has a queue of packets that it has not looked at yet. What finds it full is lost before any firewall rule or program sees it.',
  }),
  'neighbour-table-full': ({ numbers, details: { family } }) => ({
    title: `This host cannot reach machines of its own networks: its table of neighbours (${neighbourTable[family]}) is full`,
    notice: 'Users notice now: connections to machines that the host has not just spoken with fail.',
    evidence: [
      `The table refused ${formatRise(numbers.refusedEntries, numbers.refusedPerSecond)} entries`,
      ...(numbers.presentEntries === undefined || numbers.limitEntries === undefined
        ? []
        : [
            `${count(numbers.presentEntries)} entries, of all network namespaces; gc_thresh3 is ${count(numbers.limitEntries)}`,
          ]),
    ],
    consequence:
      'The kernel keeps the hardware address of each machine that it sends packets to on its own networks. Without room for another one it drops the packets, and logs "neighbour table overflow".',
  }),
  'neighbour-silent': ({ subject, numbers: { unrepliedEntries, lostPackets }, details: { role } }) => {
    const address = subject.destination?.address ?? subject.realServer?.address ?? subject.address ?? '';
    const { name, notice, consequence } = silent[role];
    return {
      title: `${name} ${address} does not answer ARP on ${subject.interface ?? 'its interface'}: all packets to it are lost`,
      notice,
      evidence: [
        `/proc/net/arp has no hardware address of ${address}, for which the kernel asked`,
        ...(unrepliedEntries === undefined
          ? []
          : [
              `${count(unrepliedEntries)} entries${subject.destination ? ` of ${nameDestination(subject.destination)}` : ' of the table'} are without a reply`,
            ]),
        ...(lostPackets === undefined ? [] : [`IPVS sent it ${count(lostPackets)} packets since the previous reading`]),
      ],
      consequence,
    };
  },
  'udp-buffer-full': ({ numbers: { droppedPackets, droppedPerSecond, lostRatio }, details: { ports } }) => ({
    title: `A program of this host reads UDP packets${portsOf(ports)} too slowly: ${count(droppedPerSecond)} per second are dropped`,
    notice: 'Users notice now: requests over UDP, such as DNS, time out, or log lines and measurements are missing.',
    evidence: [
      `${count(droppedPackets)} packets found the receive buffer of their socket full since the previous reading${lostRatio === undefined ? '' : `: ${percent(lostRatio)} of all`}`,
      ...(ports.length === 0 ? [] : [`Sockets that dropped packets: port ${ports.join(', ')}`]),
    ],
    consequence:
      'The program hangs, has more to do than it can, or gets more at once than its buffer holds. The kernel drops what finds no place, and the sender does not notice.',
  }),
  'udp-send-queue-full': ({ numbers: { droppedPackets, droppedPerSecond } }) => ({
    title: `This host drops ${count(droppedPerSecond)} UDP packets per second that its own programs send: they find a queue full`,
    notice: 'Users may notice: some replies over UDP, such as DNS, do not arrive.',
    evidence: [`SndbufErrors rose by ${count(droppedPackets)} since the previous reading`],
    consequence:
      'The queue of the interface, or the send buffer of the program, is full: it sends faster than the link, or a limit of traffic control, lets through.',
  }),
  'packets-too-long': ({ numbers: { droppedPackets, droppedPerSecond } }) => ({
    title: `This host drops ${count(droppedPerSecond)} packets per second that are too long for the next link`,
    notice:
      'Users may notice: connections open, then hang as soon as much data is sent (pages half loaded, TLS that does not begin).',
    evidence: [`FragFails rose by ${count(droppedPackets)} since the previous reading`],
    consequence:
      'A link behind this host, often a tunnel or VPN, takes shorter packets (MTU) than the one before it. The host asks each sender for shorter ones by ICMP. If a firewall drops that message, the sender repeats the long packets until the connection fails.',
  }),
  'time-wait-overflow': ({
    numbers: { closedConnections, closedPerSecond, presentConnections, limitConnections },
  }) => ({
    title: `This host forgets ${count(closedPerSecond)} closed connections per second too early: too many wait in TIME_WAIT`,
    notice: 'Users notice rarely: a new connection may fail, or get data of an old one with the same ports.',
    evidence: [
      `TCPTimeWaitOverflow rose by ${count(closedConnections)} since the previous reading`,
      ...(presentConnections === undefined || limitConnections === undefined
        ? []
        : [
            `${count(presentConnections)} connections in TIME_WAIT; net.ipv4.tcp_max_tw_buckets is ${count(limitConnections)}`,
          ]),
    ],
    consequence:
      'The side that closes a connection first keeps it for a minute (TIME_WAIT), so that late packets do no harm. At the limit the kernel drops it at once and logs "time wait bucket table overflow".',
  }),
};

const neighbourTable = { ipv4: 'ARP', ipv6: 'neighbour discovery' } as const;

function portsOf([port]: readonly string[]): string {
  return port === undefined ? '' : ` to port ${port}`;
}

const silent = {
  gateway: {
    name: 'The default gateway',
    notice: 'Users notice now: nothing reaches other networks through this host.',
    consequence:
      'The gateway is down, has another address, or the link or VLAN to it is broken. Every connection attempt to another network stays in the table without a reply, as in a scan or a flood.',
  },
  'real server': {
    name: 'The real server',
    notice: 'Some users notice now: their connections do not open.',
    consequence:
      'The real server is down, or is not on this network: direct routing needs it on the same one. IPVS goes on sending it its share of the connections until it is removed.',
  },
  destination: {
    name: 'The server',
    notice: 'Users of this service notice now: they cannot connect.',
    consequence:
      'The server is down, has another address, or is not on this network. Clients try again and again, and each attempt stays in the table without a reply, as in a flood.',
  },
} as const;
