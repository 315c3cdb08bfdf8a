import type { FindingKind } from './kind.ts';

/** Rules of the firewall. */
export const firewallKinds = {
  'invalid-dropped': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    runbook: 'ConntrackAsymmetricFlows',
    seenBy:
      'firewall rules that drop about as many INVALID packets as connection tracking counts, or a chain that drops every one',
    remedies: ['notrack-iptables', 'notrack-nftables', 'accept-invalid'],
  },
  'unknown-connections-dropped': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    runbook: 'ConntrackAsymmetricFlows',
    seenBy:
      'INVALID packets that the firewall drops, 5 per second or more, twice as many as new connections (as many, with tcp_loose off), and no destination that explains them',
    remedies: ['default-timers', 'pick-up-connections', 'look-at-invalid'],
    isLoss: true,
  },
  'synproxy-picks-up': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    runbook: 'ConntrackAsymmetricFlows',
    seenBy: 'a SYNPROXY rule, and `nf_conntrack_tcp_loose` other than 0',
    remedies: ['no-pick-up'],
    isLoss: true,
  },
  'connection-limit': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    seenBy:
      'a rule with `connlimit` or `ct count`; warning while it refuses connections, or where its destination has more entries than it allows',
    remedies: ['look-at-limit'],
  },
  'rate-limit': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    seenBy:
      'a rule with `hashlimit`, `recent` or `limit rate over`, or the one after a rule that lets a rate pass, that refuses new connections: from 1 packet per second',
    remedies: ['look-at-limit'],
  },
  'neighbours-refused': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    seenBy:
      'a chain of the firewall that drops every neighbour advertisement of IPv6, and solicitations of this host that none arrives for',
    remedies: ['accept-neighbours'],
    isLoss: true,
  },
  'packet-queue-drops': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    seenBy:
      'a rule that hands packets to a queue (NFQUEUE) which no program asked for, without `bypass`; or a queue that is full, from 1 packet per second',
    remedies: ['bypass-queue', 'look-at-queue'],
    isLoss: true,
  },
  'source-refused': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    seenBy:
      'a rule by which fail2ban or ConfigServer Firewall bans a real server, a VRRP peer or, elsewhere than from SSH, a private address, which is a fault only if it is a proxy or gateway (info), or by which Tailscale refuses 100.64.0.0/10 from other interfaces, whose counter rises: from 0.2 packets per second',
    remedies: ['exempt-source'],
    isLoss: true,
  },
  'packets-refused': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    seenBy:
      'the counter of a rule or a policy that refuses packets, or, where it has none, packets that the kernel received and neither delivered nor forwarded: from 2 per second (10 of packets for the host itself) and a fifth of all packets of the same path, critical from half of those that the host forwards or sends. Rules that only refuse sources, rates, INVALID packets, pings or broadcasts do not count',
    remedies: ['accept-bridged', 'look-at-refusal'],
    isLoss: true,
  },
  'notrack-dropped': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    runbook: 'ConntrackAsymmetricFlows',
    seenBy: 'a NOTRACK rule whose counter rises, and a chain for forwarded packets that drops every exempted one',
    remedies: ['remove-notrack'],
    isLoss: true,
  },
  'notrack-breaks-nat': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    runbook: 'ConntrackAsymmetricFlows',
    seenBy: 'a NOTRACK rule for an address that NAT applies to',
    remedies: ['remove-notrack'],
    isLoss: true,
  },
  'notrack-matches-nothing': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    runbook: 'ConntrackAsymmetricFlows',
    seenBy: 'a NOTRACK rule that matched 0 packets, and entries for its address',
    remedies: [
      'notrack-tunnels',
      'notrack-tunnels-nftables',
      'notrack-iptables',
      'notrack-nftables',
      'find-port',
      'look-at-notrack',
    ],
  },
  'not-tracked': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    seenBy: 'a NOTRACK rule for an address, and entries that are older than the rule',
    remedies: ['remove-tracked-entries'],
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
