import { aboutSetting, type FindingKind } from './kind.ts';

const culpritRemedies = ['state-timer', 'larger-table', 'look-at-opener'] as const;
const destinationLimits = ['limit-destination-iptables', 'limit-destination-nftables'] as const;
const noNotrackYet = [
  'remove-tracked-entries',
  'notrack-tunnels',
  'notrack-tunnels-nftables',
  'notrack-iptables',
  'notrack-nftables',
  'destination-timers-nftables',
  'unreplied-timers',
  'larger-table',
  ...destinationLimits,
  'find-port',
] as const;

/** The connection tracking table, and the limits of the host beside it. */
export const conntrackKinds = {
  'conntrack-table-dropping': {
    alert: 'same name',
    seenBy: 'a table at its limit and a rising `drop` counter',
    remedies: culpritRemedies,
    isLoss: true,
  },
  'conntrack-table-evicting': {
    alert: 'same name',
    seenBy: 'a rising `early_drop` counter',
    remedies: culpritRemedies,
    isLoss: true,
  },
  'conntrack-table-nearly-full': {
    alert: 'same name',
    seenBy: 'entries divided by the limit: from 75 %, critical from 90 %',
    remedies: culpritRemedies,
  },
  'conntrack-table-full-soon': {
    alert: 'same name',
    seenBy:
      'the forecast: full within a day, critical within an hour. The alert pages within 15 minutes, when scans agree',
    remedies: culpritRemedies,
  },
  'conntrack-equilibrium-high': {
    alert: 'same name',
    seenBy: 'the forecast: at the present rates, the table settles at 80 % of the limit or more',
    remedies: culpritRemedies,
  },
  'conntrack-asymmetric-flows': {
    alert: 'same name',
    seenBy: 'the verdict `direct_return` on a destination; warning from 5 % of the limit',
    remedies: noNotrackYet,
  },
  'conntrack-syn-flood': {
    alert: 'same name',
    seenBy: 'the verdict `syn_flood` on a destination; warning from 5 % of the limit',
    // Where none of the first can be had, a rule that only half fits a forged flood is no second best.
    remedies: [
      'remove-tracked-entries',
      'syn-cookies',
      'no-pick-up',
      'unreplied-timers',
      'look-at-packets',
      ...noNotrackYet,
    ],
  },
  'conntrack-answered-syn-flood': {
    alert: 'same name',
    seenBy: 'the verdict `answered_syn_flood` on a destination; warning from 5 % of the limit',
    remedies: ['look-at-packets', 'syn-cookies', 'state-timer', 'larger-table', ...destinationLimits],
  },
  'conntrack-unanswered-nat-flows': {
    alert: 'same name',
    seenBy: 'the verdict `unanswered_nat` on a destination; warning from 5 % of the limit',
    remedies: [
      'look-at-packets',
      'destination-timers-nftables',
      'unreplied-timers',
      'larger-table',
      ...destinationLimits,
      'find-port',
    ],
  },
  'conntrack-dead-connections': {
    alert: 'same name',
    seenBy: 'the verdict `dead_connections` on a destination; warning from 5 % of the limit, the alert from 25 %',
    remedies: ['state-timer', 'larger-table'],
  },
  'conntrack-source-scan': {
    alert: 'same name',
    seenBy:
      'the verdict `scan` on a source: 80 % unreplied, constantly new destinations; warning from 5 % of the limit',
    remedies: ['limit-source-iptables', 'limit-source-nftables', 'look-at-source'],
  },
  'conntrack-zone-nearly-full': {
    alert: 'same name',
    seenBy: 'entries of a zone divided by its limit in Open vSwitch: from 80 %',
    remedies: ['look-at-zone-limits'],
  },
  'conntrack-unanswered-flows': {
    alert: 'same name',
    seenBy: 'the verdict `unanswered` on a destination; warning from 5 % of the limit',
    remedies: ['no-pick-up', 'look-at-packets', ...noNotrackYet],
  },
  'conntrack-chain-too-long': {
    alert: 'same name',
    seenBy: 'a rising `chaintoolong` counter',
    remedies: ['more-buckets'],
    isLoss: true,
  },
  'conntrack-buckets-too-few': {
    alert: 'same name',
    seenBy: 'the limit divided by the number of buckets: above 1, warning from 4',
    remedies: ['more-buckets'],
  },
  'table-larger-than-memory': {
    alert: aboutSetting,
    seenBy: 'a full table would take a quarter of the memory',
    remedies: ['limit-within-memory'],
  },
  'long-timeouts': {
    alert: aboutSetting,
    seenBy: "timeouts above the kernel's defaults; warning while the table fills",
    remedies: ['default-timers'],
  },
  'timers-without-entries': {
    alert: aboutSetting,
    seenBy: "timeouts below the kernel's defaults while the table fills, of states that hold few entries",
    remedies: ['default-timers'],
  },
  'conntrack-insert-failing': {
    alert: 'same name',
    seenBy: 'a rising `insert_failed` counter while the table has room; critical from 10 per second',
    remedies: ['chain-for-zones', 'look-at-tunnels', 'random-ports', 'look-at-source-ports'],
    isLoss: true,
  },
  'nat-address-gone': {
    alert: { none: "Only `diagnose` reads addresses of the host and the firewall's rules." },
    runbook: 'ConntrackInsertFailing',
    seenBy:
      'entries of zone 0 whose source NAT changed to an address that no interface has and no rule names, from 5; or that a rule names, from 20 of which nine in ten have no reply',
    remedies: ['remove-old-translations', 'look-at-translations'],
  },
  'nat-target-gone': {
    alert: { none: "Only `diagnose` reads the firewall's rules." },
    runbook: 'ConntrackUnansweredNatFlows',
    seenBy:
      'UDP flows of zone 0 to a destination that a rule translates (DNAT), whose packets go to an address that no rule names and this host does not have, from 5',
    remedies: ['remove-old-targets'],
  },
  'conntrack-invalid-resets': {
    alert: { none: 'INVALID packets have many causes: `diagnose` compares them with what the table holds.' },
    runbook: 'ConntrackInsertFailing',
    seenBy: 'an `invalid` counter that rises by 5 per second or more, with NAT and without one-way flows',
    remedies: ['be-liberal'],
  },
  'conntrack-namespaces-not-read': {
    alert: { none: 'Only `diagnose` looks for other network namespaces.' },
    seenBy:
      'network namespaces with entries, of /run/netns and of processes; those with 100 entries or more are read, up to eight',
    remedies: ['read-namespace'],
  },
  'conntrack-expectations-full': {
    alert: { none: 'Few machines have helpers: `diagnose` compares them with their limit.' },
    seenBy: 'expected connections divided by `nf_conntrack_expect_max`: from 75 %, critical at the limit',
    remedies: ['more-expectations'],
    isLoss: true,
  },
  'listen-queue-full': {
    alert: { none: 'The exporters of services and node_exporter have it: `diagnose` compares it with the table.' },
    seenBy: 'a rising `ListenOverflows` counter: from 1 per second',
    remedies: ['look-at-listeners'],
    isLoss: true,
  },
  'syn-cookies-sent': {
    alert: { none: 'The exporters of services and node_exporter have it: `diagnose` compares it with the table.' },
    seenBy: 'a rising `SyncookiesSent` counter: from 1 per second',
    remedies: ['look-at-listeners'],
  },
  'local-ports-used-up': {
    alert: { none: 'Only `diagnose` and the status page have the sources of flows.' },
    seenBy:
      'open connections of one address of this host to one destination: from 90 % of net.ipv4.ip_local_port_range',
    remedies: ['more-local-ports', 'look-at-port-users'],
    isLoss: true,
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
