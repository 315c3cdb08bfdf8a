import { counter, gauge } from '../../scrape/metric.ts';

export const networkSetting = gauge('network_setting', 'Setting below net, unchanged: ipv4.ip_forward.', ['name']);
export const networkInterfaceSetting = gauge(
  'network_interface_setting',
  'Setting below net.ipv4.conf of an interface that has an IPv4 route, of 1,000 at most, or of all, unchanged.',
  ['interface', 'name'],
);
export const networkReversePathFilteredTotal = counter(
  'network_reverse_path_filtered_total',
  'Packets dropped because the route to their source uses another interface (rp_filter).',
);
export const networkIcmpUnreachableSentTotal = counter(
  'network_icmp_unreachable_sent_total',
  'ICMP messages "destination unreachable" sent. A director that forwards by tunnel sends one for each packet that is too long for the tunnel (fragmentation needed).',
);
export const networkUdpReceiveBufferErrorsTotal = counter(
  'network_udp_receive_buffer_errors_total',
  'UDP packets, of IPv4 and IPv6, dropped because the receive buffer of their socket was full: on a backup director also those that synchronize connections.',
);
export const networkUdpReceivedTotal = counter(
  'network_udp_received_total',
  'UDP packets that programs of this host received.',
);
export const networkUdpPortDrops = gauge(
  'network_udp_port_drops',
  'Packets that the open UDP sockets of a local port have dropped. Only ports that dropped any, the ten with the most.',
  ['port'],
);
export const networkPacketsTooLongTotal = counter(
  'network_packets_too_long_total',
  'Packets dropped because they were longer than the next link takes and must not be fragmented (FragFails).',
);
export const networkLimitExceededTotal = counter(
  'network_limit_exceeded_total',
  'Packets or connections that the kernel gave up because of one of its limits: time_wait, receive_queue, neighbours_ipv4 and others.',
  ['limit'],
);
export const networkLimitUsed = gauge(
  'network_limit_used',
  'What is in use of a limit of the kernel: connections, packets or entries.',
  ['limit'],
);
export const networkLimit = gauge('network_limit', 'A limit of the kernel, in the unit of network_limit_used.', [
  'limit',
]);
export const networkMisaddressedPacketsTotal = counter(
  'network_misaddressed_packets_total',
  'IPv4 packets received for an address that this host neither has nor forwards to (InAddrErrors).',
);
export const networkListenOverflowsTotal = counter(
  'network_listen_overflows_total',
  'Connections that a service of this host did not accept in time: its listen queue was full (ListenOverflows).',
);
export const networkSynCookiesSentTotal = counter(
  'network_syn_cookies_sent_total',
  'Connection attempts that were answered with a SYN cookie, because the queue of attempts of a service was full (SyncookiesSent).',
);
export const networkSynCookiesReceivedTotal = counter(
  'network_syn_cookies_received_total',
  'Connections that a client completed with a SYN cookie (SyncookiesRecv).',
);
export const networkLocalPort = gauge(
  'network_local_port',
  'First and last source port that this host has for connections of its own (ip_local_port_range).',
  ['bound'],
);
export const networkHiddenAddressInfo = gauge(
  'network_hidden_address_info',
  'Address on a loopback or dummy device that belongs to the network of an interface, such as the VIP of a real server. Absent where a program announces routes (BGP, OSPF). Always 1.',
  ['address', 'interface'],
);
