import type { FindingKind } from './kind.ts';

/** keepalived, and what the exporter could not read. */
export const keepalivedKinds = {
  'keepalived-down': { alert: 'same name', seenBy: 'no keepalived process', remedies: ['start-keepalived'] },
  'keepalived-process-down': {
    alert: 'same name',
    seenBy: 'a process of keepalived that is not running, or that was restarted between two readings',
    remedies: ['restart-keepalived'],
  },
  'vrrp-fault': {
    alert: { none: 'The other director takes over; KeepalivedNoMaster fires if none does.' },
    runbook: 'KeepalivedNoMaster',
    seenBy: 'a VRRP instance in state FAULT',
    remedies: ['look-at-instance'],
  },
  'keepalived-address-misplaced': {
    alert: 'same name',
    seenBy: 'a master without its address, or another state with it',
    remedies: ['add-address', 'remove-address', 'restart-keepalived'],
  },
  'keepalived-split-brain': {
    alert: 'same name',
    seenBy: 'a master that receives advertisements from another master',
    remedies: ['look-at-advertisements'],
  },
  'keepalived-advertisements-blocked': {
    alert: { none: 'The exporter does not read the rules of the firewall: `diagnose` does.' },
    runbook: 'KeepalivedSplitBrain',
    seenBy: 'a chain of the firewall that drops every advertisement (protocol 112), and none that arrives',
    remedies: ['accept-vrrp', 'look-at-advertisements'],
  },
  'keepalived-never-heard-another': {
    alert: { none: 'A backup is silent: so is every healthy one.' },
    runbook: 'KeepalivedSplitBrain',
    seenBy: 'a master that has received no advertisement since keepalived started',
    remedies: ['look-at-advertisements'],
  },
  'keepalived-peer-unreachable': {
    alert: {
      none: 'The exporter of the peer does not answer either: LvsExporterTargetDown fires if the peer is down.',
    },
    runbook: 'KeepalivedSplitBrain',
    seenBy: 'a unicast peer of a master that does not answer ARP or neighbour discovery, or that no route leads to',
    remedies: ['look-at-peers'],
  },
  'keepalived-advertisements-refused': {
    alert: 'same name',
    seenBy: 'rising VRRP error counters',
    remedies: ['look-at-advertisements'],
  },
  'keepalived-dump-unreadable': {
    alert: 'same name',
    seenBy: 'lines of a dump of keepalived that cannot be read',
    remedies: ['record-dumps'],
  },
  'keepalived-kernel-disagrees': {
    alert: 'same name',
    seenBy: 'virtual and real servers in IPVS that differ from those of keepalived',
    remedies: ['match-keepalived', 'restart-keepalived'],
  },
  'lvs-exporter-not-in-host-namespace': {
    alert: 'same name',
    seenBy: "a network namespace that is not the host's, and no virtual servers",
    remedies: ['run-in-host-namespace'],
  },
  'lvs-exporter-collector-failing': {
    alert: 'same name',
    seenBy: 'a collector that failed, with the reason and a hint',
    remedies: ['read-log'],
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
