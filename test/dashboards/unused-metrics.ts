/** Metrics that no dashboard and no rule uses, and why. */
export const unused: readonly { readonly metrics: RegExp; readonly reason: string }[] = [
  {
    metrics: /^ipvs_cpu_(connections|outgoing_packets|(incoming|outgoing)_bytes)_total$/,
    reason:
      'Whether the load is spread over the CPUs is seen by packets from clients; the rest is for who looks deeper.',
  },
  {
    metrics: /^process_(cpu_(user|system)_seconds_total|virtual_memory_bytes|heap_bytes|max_fds)$/,
    reason: 'Processor time, resident memory and open files describe the process sufficiently.',
  },
  {
    metrics: /^conntrack_expectations$/,
    reason: 'Only machines with helpers such as FTP have any: `diagnose` compares it with its limit.',
  },
  {
    metrics: /^conntrack_(state|target|translation)_/,
    reason: '`diagnose` reads them on the machine itself: a scrape does not have them.',
  },
  {
    metrics:
      /^(ipvs_connections_without_real_server$|ipvs_connection_idle_|network_(icmp|udp|listen|syn_cookies|packets_too_long|misaddressed)_|network_limit(_|$)|network_local_port$)/,
    reason: '`diagnose` reads them beside a setting or a thread; alone they are those of other programs as well.',
  },
  {
    metrics: /^keepalived_vrrp_fault_info$/,
    reason: '`diagnose` lists the reasons beside the state. The other director takes over: no alert has them.',
  },
  {
    metrics: /^nodejs_(?!eventloop_lag_p99_seconds)/,
    reason: 'For who develops the exporter.',
  },
];
