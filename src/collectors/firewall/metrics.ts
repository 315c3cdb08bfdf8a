import { counter, gauge } from '../../scrape/metric.ts';

export const firewallNotrackRuleInfo = gauge(
  'firewall_notrack_rule_info',
  'A rule that keeps packets to an address out of connection tracking. An empty label stands for any. Always 1.',
  ['chain', 'protocol', 'address', 'port'],
);
export const firewallNotrackPacketsTotal = counter(
  'firewall_notrack_packets_total',
  'Packets that the rules of a chain kept out of connection tracking. Absent where they do not count.',
  ['chain', 'protocol', 'address', 'port'],
);
export const firewallNatRuleInfo = gauge(
  'firewall_nat_rule_info',
  'A rule that changes the destination of packets (DNAT). An empty label stands for any. Always 1.',
  ['protocol', 'address', 'port'],
);
export const firewallNatTargetInfo = gauge(
  'firewall_nat_target_info',
  'Addresses that a rule sends packets to (DNAT): one, or a range; ? for those of a set or a network. Always 1.',
  ['addresses'],
);
export const firewallInvalidDropRuleInfo = gauge(
  'firewall_invalid_drop_rule_info',
  'A chain with a rule that drops packets for being INVALID. Always 1.',
  ['chain'],
);
export const firewallInvalidDropPacketsTotal = counter(
  'firewall_invalid_drop_packets_total',
  'Packets that the rules of a chain dropped for being INVALID. Absent where they do not count.',
  ['chain'],
);
export const firewallForwardDropsInvalidInfo = gauge(
  'firewall_forward_drops_invalid_info',
  'A chain for forwarded packets that drops every INVALID one, by a rule or because nothing accepts it. Always 1.',
  ['tool', 'chain'],
);
export const firewallForwardDropsUntrackedInfo = gauge(
  'firewall_forward_drops_untracked_info',
  'A chain for forwarded packets that drops every one that a NOTRACK rule exempted (UNTRACKED). Always 1.',
  ['tool', 'chain'],
);
export const firewallSynproxyRuleInfo = gauge(
  'firewall_synproxy_rule_info',
  'A rule that answers connection attempts in place of a service (SYNPROXY). An empty label stands for any. Always 1.',
  ['chain', 'protocol', 'address', 'port'],
);
export const firewallConnectionLimit = gauge(
  'firewall_connection_limit_connections',
  'Connections above which a rule refuses new ones (connlimit, ct count), with its place and what it is about. An empty label stands for any.',
  ['tool', 'chain', 'position', 'protocol', 'address', 'port'],
);
export const firewallRateLimitInfo = gauge(
  'firewall_rate_limit_info',
  'A rule that refuses new connections above a rate (hashlimit, recent, limit), with its place and what it is about. An empty label stands for any. Always 1.',
  ['tool', 'chain', 'position', 'rate', 'protocol', 'address', 'port'],
);
export const firewallConnectionLimitPacketsTotal = counter(
  'firewall_connection_limit_packets_total',
  'Packets of new connections that a limit of connections, or of their rate, refused. Absent where the rule does not count.',
  ['tool', 'chain', 'position'],
);
export const firewallDropsVrrpInfo = gauge(
  'firewall_drops_vrrp_info',
  'A chain that drops every advertisement of VRRP (protocol 112; cast is multicast to 224.0.0.18 or ff02::12, unicast to the address of a peer), by a rule or because nothing accepts it. Always 1.',
  ['chain', 'family', 'tool', 'cast'],
);
export const firewallDropsNeighboursInfo = gauge(
  'firewall_drops_neighbours_info',
  'A chain that drops every neighbour advertisement of IPv6, by a rule or because nothing accepts it. Always 1.',
  ['tool', 'chain'],
);
export const firewallNeighbourMessagesTotal = counter(
  'firewall_neighbour_messages_total',
  'Messages of neighbour discovery that this host sent or received behind its firewall. Absent where no chain drops them.',
  ['message'],
);
export const firewallQueueRuleInfo = gauge(
  'firewall_queue_rule_info',
  'A rule that hands packets to a program by a queue (NFQUEUE), and whether they pass where no program takes them. Always 1.',
  ['tool', 'chain', 'position', 'rule', 'queues', 'bypass'],
);
export const firewallQueuePacketsTotal = counter(
  'firewall_queue_packets_total',
  'Packets that a rule handed to a queue. Absent where the rule does not count.',
  ['tool', 'chain', 'position'],
);
export const firewallQueueDroppedPacketsTotal = counter(
  'firewall_queue_dropped_packets_total',
  'Packets that found the queue of a program full, or its socket. Absent for a queue without a program.',
  ['queue'],
);
export const firewallSourceNatRuleInfo = gauge(
  'firewall_source_nat_rule_info',
  'A rule that translates the source of packets (SNAT, MASQUERADE), the ports and addresses that it is limited to, and whether it chooses ports fully at random. Always 1.',
  ['tool', 'chain', 'position', 'rule', 'ports', 'addresses', 'random'],
);
export const firewallSourceNatPacketsTotal = counter(
  'firewall_source_nat_packets_total',
  'First packets of connections whose source a rule translated. Absent where the rule does not count.',
  ['tool', 'chain', 'position'],
);
export const firewallOneWayZonesInfo = gauge(
  'firewall_one_way_zones_info',
  'Rules give a zone to packets of the original direction alone, and no chain of NAT is there for this family of addresses: two zones then cannot use the same addresses and ports. Always 1.',
  ['family'],
);
export const firewallServiceProxyInfo = gauge(
  'firewall_service_proxy_info',
  'The program of Kubernetes whose rules show that it manages IPVS: ipvs for kube-proxy in IPVS mode, or kube-router. Always 1.',
  ['proxy'],
);
export const firewallRefusalInfo = gauge(
  'firewall_refusal_info',
  'A rule or the policy of a chain that refuses packets, with its place, what packets meet it, and the programs that wrote it. Without rules that only refuse sources, rates, INVALID packets or broadcasts. Always 1.',
  ['tool', 'chain', 'position', 'rule', 'paths', 'owners'],
);
export const firewallRefusedPacketsTotal = counter(
  'firewall_refused_packets_total',
  'Packets that a rule or the policy of a chain refused. Absent where it does not count.',
  ['tool', 'chain', 'position'],
);
export const firewallRefusedSourceInfo = gauge(
  'firewall_refused_source_info',
  'A rule by which a program bans one address, or by which Tailscale refuses 100.64.0.0/10 from other interfaces, with its place. Always 1.',
  ['tool', 'chain', 'position', 'matches', 'owner', 'source'],
);
export const firewallRefusedSourcePacketsTotal = counter(
  'firewall_refused_source_packets_total',
  'Packets that a rule of firewall_refused_source_info refused. Absent where it does not count.',
  ['tool', 'chain', 'position'],
);
export const firewallAcceptedPacketsTotal = counter(
  'firewall_accepted_packets_total',
  'Packets that the filter table of iptables accepted: for this host, forwarded, or of this host.',
  ['tool', 'family', 'path'],
);
export const firewallKernelPacketsTotal = counter(
  'firewall_kernel_packets_total',
  'Packets that the kernel received for this host, forwarded, or sent, by the name of its counter.',
  ['family', 'counter'],
);
export const firewallGroupPacketsTotal = counter(
  'firewall_group_packets_total',
  'Packets to groups and broadcast addresses that this host received.',
  ['family', 'to'],
);
