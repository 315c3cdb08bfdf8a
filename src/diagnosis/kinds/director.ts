import { aboutSetting, aboutTraffic, type FindingKind } from './kind.ts';

/** IPVS and what it needs of the network. */
export const directorKinds = {
  'first-packets-only': {
    alert: {
      none: 'A service with few clients looks the same over minutes: `diagnose` compares ten seconds of traffic.',
    },
    runbook: 'ConntrackAsymmetricFlows',
    seenBy: 'on a director: as many packets as connections, so only SYNs arrive',
    remedies: ['notrack-upstream', 'accept-invalid-ovn'],
  },
  'ipvs-replies-missing': {
    alert: aboutTraffic,
    seenBy:
      'ten new TCP connections or more to a masqueraded real server since the reading before, and not one packet back',
    remedies: ['reach-itself', 'look-at-replies'],
    isLoss: true,
  },
  'ipvs-attempts-repeated': {
    alert: aboutTraffic,
    seenBy:
      'packets of one length, that of a SYN, to a real server whose replies bypass this host: 20 new connections or more, and half as many packets again',
    remedies: ['look-at-virtual-address'],
    isLoss: true,
  },
  'ipvs-upstream-conntrack-pressure': {
    alert: 'same name',
    seenBy:
      'the entries that services with direct server return need on the host of the director, divided by its limit',
    remedies: ['stateless-security-group', 'notrack-upstream'],
  },
  'ipvs-upstream-allowance-exceeded': {
    alert: 'same name',
    seenBy: 'a rising conntrack_allowance_exceeded of an ENA interface on EC2',
    remedies: ['look-at-allowance'],
    isLoss: true,
  },
  'ipvs-upstream-allowance-low': {
    alert: 'same name',
    seenBy: 'a low conntrack_allowance_available of an ENA interface on EC2',
    remedies: ['look-at-allowance'],
  },
  'ipvs-connections-nearly-full': {
    alert: 'same name',
    seenBy: 'connections of IPVS divided by net.ipv4.vs.conn_max (Linux 7.2 and later)',
    remedies: ['larger-ipvs-limit', 'look-at-connections'],
  },
  'ipvs-drops-on-purpose': {
    alert: aboutSetting,
    seenBy: 'net.ipv4.vs.drop_packet, drop_entry or secure_tcp is 2 (memory is low) or 3 (always)',
    remedies: ['defend-when-needed', 'usual-memory-threshold', 'look-at-memory'],
    isLoss: true,
  },
  'ipvs-connections-without-real-server': {
    alert: { none: 'The collector that counts them is off by default.' },
    seenBy: 'connections to real servers that are not in IPVS, with net.ipv4.vs.expire_nodest_conn=0',
    remedies: ['expire-lost-connections'],
  },
  'ipvs-drained-server-gets-packets': {
    alert: aboutTraffic,
    seenBy: 'packets to a real server with weight 0; warning where persistence gives it new connections',
    remedies: ['expire-templates', 'look-at-real-servers'],
  },
  'ipvs-timeout-below-keepalive': {
    alert: aboutSetting,
    seenBy:
      'the timer of established connections below net.ipv4.tcp_keepalive_time: set below its default, or with a fifth of the connections idle',
    remedies: ['longer-ipvs-timeout'],
  },
  'ipvs-port-reuse-delays': {
    alert: aboutSetting,
    seenBy: 'net.ipv4.vs.conn_reuse_mode=1 with net.ipv4.vs.conntrack=1 before Linux 5.9',
    remedies: ['reuse-ports'],
  },
  'ipvs-tunnel-packets-too-long': {
    alert: aboutTraffic,
    seenBy: 'real servers behind a tunnel, and ICMP messages "destination unreachable" that rise',
    remedies: ['fragment-for-tunnels'],
  },
  'ipvs-sync-one-sided': {
    alert: aboutSetting,
    seenBy: 'a master that only receives connections of another director, or a backup that only sends its own',
    remedies: ['look-at-synchronization'],
  },
  'ipvs-sync-behind': {
    alert: aboutTraffic,
    seenBy: 'a backup synchronization thread, and UDP packets dropped for want of a receive buffer',
    remedies: ['look-at-synchronization'],
  },
  'kube-proxy-settings-changed': {
    alert: aboutSetting,
    seenBy: 'settings below net.ipv4.vs that differ from what kube-proxy sets when it starts',
    remedies: ['settings-of-kube-proxy'],
  },
  'openstack-address-not-reached': {
    alert: { none: 'A service without clients looks the same.' },
    seenBy: 'master for five minutes on OpenStack, and not one packet for the services of its address',
    remedies: ['allow-address'],
  },
  'ipvs-counters-frozen': {
    alert: aboutSetting,
    seenBy: 'net.ipv4.vs.run_estimation is 0, or est_cpulist is empty',
    remedies: ['count-again'],
  },
  'ipvs-conntrack-on': {
    alert: aboutSetting,
    seenBy: 'net.ipv4.vs.conntrack = 1',
    remedies: ['ipvs-without-conntrack'],
  },
  'director-tracks-flows': {
    alert: { none: 'The table of a director has the alerts of every table.' },
    seenBy: "entries for the director's own virtual servers, with net.ipv4.vs.conntrack = 0",
    remedies: ['notrack-iptables'],
  },
  'ipvs-service-without-real-servers': {
    alert: 'same name',
    seenBy: 'a virtual server without real servers; warning on a standby',
    remedies: ['look-at-real-servers'],
  },
  'ipvs-service-weight-zero': {
    alert: 'same name',
    seenBy:
      'a virtual server whose weights add up to 0, or of which only the fallback server (127.0.0.1) has a weight while two or more real servers have 0; warning on a standby',
    remedies: ['look-at-real-servers'],
  },
  'misaddressed-packets': {
    alert: aboutTraffic,
    seenBy:
      '`InAddrErrors` of IPv4: from 2 per second, with net.ipv4.ip_forward off and no rules that translate addresses',
    remedies: ['look-at-misaddressed'],
  },
  'does-not-forward': {
    alert: aboutSetting,
    seenBy:
      'net.ipv4.ip_forward off, with masqueraded services; or off, or off for an interface, with packets for others (`InAddrErrors`, 2 per second) on a host with rules that translate addresses',
    remedies: ['forward-packets'],
  },
  'sends-redirects': {
    alert: aboutSetting,
    seenBy: 'masqueraded services with send_redirects on',
    remedies: ['no-redirects'],
  },
  'answers-arp': {
    alert: aboutSetting,
    seenBy: 'a virtual address on lo or a dummy device, with arp_ignore 0 or arp_announce below 2',
    remedies: ['quiet-arp'],
  },
  'reverse-path-drops': {
    alert: { none: 'Stray packets are common: only their rate beside a fault means something.' },
    seenBy: 'packets that rp_filter drops',
    remedies: ['loose-reverse-path'],
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
