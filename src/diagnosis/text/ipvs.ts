import { isLoopback } from '../../identity/address.ts';
import { nameServer, nameService } from '../../identity/virtual-server.ts';
import { count, percent, several, time } from '../../readings/format.ts';
import { formatRise } from './rates.ts';
import type { Wording } from './words.ts';

type IpvsFinding =
  | 'ipvs-connections-without-real-server'
  | 'ipvs-replies-missing'
  | 'ipvs-attempts-repeated'
  | 'ipvs-drops-on-purpose'
  | 'ipvs-drained-server-gets-packets'
  | 'ipvs-timeout-below-keepalive'
  | 'ipvs-port-reuse-delays'
  | 'ipvs-tunnel-packets-too-long'
  | 'ipvs-sync-one-sided'
  | 'ipvs-sync-behind'
  | 'kube-proxy-settings-changed'
  | 'openstack-address-not-reached';

const threads: Readonly<Record<string, string>> = { master: 'sends (master)', backup: 'receives (backup)' };

/** Packets of a connection attempt from which on it was sent more often than its client did. */
const roundTrips = 10;

/** What IPVS does to connections because of its settings. */
export const ipvsWording: Wording<IpvsFinding> = {
  'ipvs-drops-on-purpose': ({ numbers: { lostRatio }, details: { always, whileLow } }) => {
    const onlyTimers = [...always, ...whileLow].every((name) => name === 'secure_tcp');
    return {
      title: `IPVS, the load balancer in the kernel, gives up connections on purpose${whileLow.length > 0 ? ': memory is low' : ''}`,
      notice: onlyTimers
        ? 'Some users may notice: slow handshakes and idle connections are cut.'
        : `Users notice now: ${lostRatio === undefined ? 'some' : percent(lostRatio)} of the new connections fail or take seconds, or open ones end.`,
      evidence: [
        ...always.map((name) => `net.ipv4.vs.${name} is 3: always in force`),
        ...whileLow.map(
          (name) => `net.ipv4.vs.${name} is 2: in force, because fewer pages are free than net.ipv4.vs.amemthresh`,
        ),
      ],
      consequence:
        'These modes protect the load balancer from a flood. drop_packet drops packets of new connections, drop_entry removes entries of connections at random, secure_tcp shortens timeouts.',
    };
  },
  'ipvs-replies-missing': ({ subject, numbers: { receivedPackets, newConnections }, details: { servers } }) => {
    const isOwn = isLoopback(subject.realServer?.address ?? '');
    const service = subject.service ? nameService(subject.service) : 'a virtual server';
    const whose = subject.realServer ? `real server ${nameServer(subject.realServer)}` : 'the real servers';
    return {
      title: `No reply from ${whose} of ${service} comes back to this load balancer`,
      notice: subject.realServer
        ? 'Some users notice now: their connections do not open.'
        : 'Users notice now: they cannot connect.',
      evidence: [
        `${count(receivedPackets)} packets of ${count(newConnections)} new connections were sent to ${servers.join(', ')} since the previous reading, and 0 packets came back`,
      ],
      consequence: isOwn
        ? 'It is masqueraded (NAT), and the kernel does not translate what comes from a network to a loopback address: it drops these packets. With direct routing, this host serves these clients itself if its service listens on the port of the virtual server.'
        : 'These real servers are masqueraded (NAT): their replies must come back through this host, which translates them. Either the service on them does not reply, or their route to the clients does not lead through this host (another default gateway, or clients in their own network), or this host drops the replies (firewall, reverse path filter).',
    };
  },
  'ipvs-attempts-repeated': ({ subject, numbers }) => {
    const { newConnections, receivedPackets, packetBytes, returnedPackets } = numbers;
    const service = subject.service ? nameService(subject.service) : 'a virtual server';
    const server = subject.realServer ? nameServer(subject.realServer) : 'a real server';
    const goesRound = receivedPackets >= roundTrips * newConnections;
    return {
      title: goesRound
        ? `The real server ${server} of ${service} sends its packets back to this load balancer: it does not have the virtual address`
        : `Clients of the real server ${server} of ${service} repeat their first packet: it does not answer them`,
      notice: 'Users notice now: their connections to this real server do not open.',
      evidence: [
        `${count(receivedPackets)} packets of ${count(newConnections)} new connections since the previous reading, all of ${count(packetBytes)} bytes: connection attempts (SYN)`,
        ...(returnedPackets === 0
          ? []
          : [`${count(returnedPackets)} packets came back: ICMP errors of the real server`]),
      ],
      consequence:
        'A real server that replies to clients directly needs the virtual address itself, on lo or tunl0. Without it, it drops the packets, or routes them back to this host. Otherwise the service does not listen on the virtual address, or a firewall drops the packets or the replies.',
    };
  },
  'ipvs-connections-without-real-server': ({ numbers: { lostConnections }, details: { protocols } }) => ({
    title: `IPVS, the load balancer in the kernel, drops the packets of ${several(lostConnections, 'connection')} whose real server was removed`,
    notice: 'Some users notice now: their connections hang until they give up.',
    evidence: [
      `${several(lostConnections, 'connection')} (${protocols.join(', ')}) to real servers that IPVS does not have`,
      'net.ipv4.vs.expire_nodest_conn = 0',
    ],
    consequence:
      'With this setting, IPVS keeps such a connection until its timer ends and drops its packets silently. A UDP client that keeps its port is lost for minutes.',
  }),
  'ipvs-drained-server-gets-packets': ({ subject, severity, numbers }) => {
    const { receivedPackets, newConnections, persistenceSeconds, persistentConnections } = numbers;
    const server = subject.realServer ? nameServer(subject.realServer) : 'a real server';
    const service = subject.service ? nameService(subject.service) : 'a virtual server';
    const isKept = severity === 'warning';
    return {
      title: isKept
        ? `The drained real server ${server} of ${service} still gets new connections, because of persistence`
        : `The drained real server ${server} of ${service} still has clients`,
      notice: isKept
        ? 'Users notice when you stop this server.'
        : 'The users of these connections notice when you stop this server.',
      evidence: [
        'Weight: 0',
        `${count(receivedPackets)} packets, ${several(newConnections, 'new connection')} since the previous reading`,
        ...(persistenceSeconds === undefined ? [] : [`Persistence of the service: ${time(persistenceSeconds)}`]),
        ...(persistentConnections === undefined
          ? []
          : [`Clients that persistence keeps with it: ${count(persistentConnections)}`]),
      ],
      consequence: isKept
        ? 'With net.ipv4.vs.expire_quiescent_template=0, a client that persistence keeps with a server goes on to it whatever its weight is, and each connection begins the time again.'
        : 'Weight 0 keeps new connections away. Those that are open go on until their clients or the server close them.',
    };
  },
  'ipvs-timeout-below-keepalive': ({ numbers }) => {
    const { timeoutSeconds, keepaliveSeconds, idleConnections, establishedConnections = 0 } = numbers;
    return {
      title: `IPVS, the load balancer in the kernel, forgets idle connections after ${time(timeoutSeconds)}, before TCP keepalive refreshes them`,
      notice: 'Users of idle connections notice: databases, SSH, message queues.',
      evidence: [
        `Timeout of established TCP connections: ${time(timeoutSeconds)}`,
        `net.ipv4.tcp_keepalive_time on this machine: ${time(keepaliveSeconds)}`,
        ...(idleConnections === undefined
          ? []
          : [
              `${count(idleConnections)} of ${count(establishedConnections)} established connections used more than half of it`,
            ]),
      ],
      consequence:
        'The next packet of a forgotten connection is refused or goes to another real server, which resets it. Clients and real servers with the same tcp_keepalive_time do not prevent that.',
    };
  },
  'ipvs-port-reuse-delays': ({ details: { kernel } }) => ({
    title: 'Connections wait one second if their client uses a port again',
    notice: 'Some users notice now: requests take a second longer, most of them under load.',
    evidence: [
      'net.ipv4.vs.conn_reuse_mode = 1, net.ipv4.vs.conntrack = 1',
      `Linux ${kernel}: fixed in 5.9, and in some kernels of distributions before it`,
    ],
    consequence:
      'IPVS drops the first packet of such a connection to get rid of its tracked predecessor; the client sends it again after a second.',
  }),
  'ipvs-tunnel-packets-too-long': ({ numbers: { refusedPackets, refusedPerSecond } }) => ({
    title: 'Packets of clients are too long for the tunnels to the real servers',
    notice: 'Some users notice now: uploads are slow, or hang where a firewall drops ICMP.',
    evidence: [
      `ICMP messages "destination unreachable" sent: ${formatRise(refusedPackets, refusedPerSecond)}`,
      'IPVS forwards to real servers by tunnel, and net.ipv4.vs.pmtu_disc is on',
    ],
    consequence:
      'A tunnel adds a header of 20 bytes or more. IPVS drops a packet that does not fit any more, and asks its client for shorter ones (ICMP fragmentation needed).',
  }),
  'ipvs-sync-one-sided': ({ details: { needed, running } }) => ({
    title: `This director is VRRP ${needed}, but of its synchronization threads only the one that ${threads[running] ?? running} runs`,
    notice: 'Users notice at a failover: their connections are cut.',
    evidence: [`VRRP state: ${needed}`, `ipvsadm -L --daemon: ${running} only`],
    consequence:
      needed === 'master'
        ? 'It does not send its connections to the other director, which cannot take them over.'
        : 'It does not receive the connections of the other director, and cannot take them over.',
  }),
  'ipvs-sync-behind': ({ numbers: { lostPackets, lostPerSecond } }) => ({
    title: 'This director loses messages by which the other one synchronizes its connections',
    notice: 'Some users notice at a failover: their connections are cut.',
    evidence: [
      `UDP packets dropped because a receive buffer was full: ${formatRise(lostPackets, lostPerSecond)}`,
      'Its backup synchronization thread runs; other UDP sockets of this machine count here as well',
    ],
    consequence: 'Connections whose messages are lost are unknown here, and cannot be taken over.',
  }),
  'kube-proxy-settings-changed': ({ details: { settings } }) => ({
    title: 'Settings of IPVS differ from those that kube-proxy sets',
    notice: 'Users notice when pods are replaced: connections to pods that are gone hang.',
    evidence: settings.map(
      ({ name, presentSetting, neededSetting }) =>
        `net.ipv4.vs.${name} = ${presentSetting}; kube-proxy sets ${neededSetting}`,
    ),
    consequence:
      'kube-proxy sets them once, when it starts, and has no flags for them. What sets them later, such as sysctl.d or tuned, wins until kube-proxy starts again.',
  }),
  'openstack-address-not-reached': ({ subject: { address, instance }, numbers: { masterSeconds } }) => ({
    title: `No packet has reached this director for its address ${address}`,
    notice: 'Users may notice now: they cannot connect.',
    evidence: [
      `${instance?.name ?? 'Its VRRP instance'} is master for ${time(masterSeconds)}, and ${address} is on ${instance?.interface ?? 'the machine'}`,
      'IPVS has counted no packet for the services of this address',
    ],
    consequence:
      'OpenStack drops packets for an address that the port of the instance does not have, unless it is among its allowed address pairs. Without clients, this is normal.',
  }),
};
