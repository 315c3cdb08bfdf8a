import type { FindingKind } from './kind.ts';

const otherExporters = {
  none: 'node_exporter has its counter: `diagnose` compares it with the table.',
} as const;

/** Limits of the kernel outside connection tracking. */
export const hostKinds = {
  'receive-queue-full': {
    alert: otherExporters,
    seenBy: 'the dropped packets of /proc/net/softnet_stat (second column): from 1 per second',
    remedies: ['longer-receive-queue'],
    isLoss: true,
  },
  'neighbour-table-full': {
    alert: otherExporters,
    seenBy: '`table_fulls` of /proc/net/stat/arp_cache and ndisc_cache: from 1 per second',
    remedies: ['more-neighbours', 'look-at-neighbours'],
    isLoss: true,
  },
  'neighbour-silent': {
    alert: { none: 'Only `diagnose` compares the neighbours with the entries of the table.' },
    runbook: 'ConntrackUnansweredFlows',
    seenBy:
      '/proc/net/arp has no answer of an IPv4 address that packets go to: the default gateway, with a third of all entries without a reply (20 or more); a real server that IPVS sends packets to; a destination whose flows have no reply',
    remedies: ['look-at-neighbour', 'unreplied-timers'],
  },
  'udp-buffer-full': {
    alert: otherExporters,
    seenBy: '`RcvbufErrors` of UDP: from 1 per second; critical from 1 % of the packets',
    remedies: ['look-at-udp-sockets', 'larger-udp-buffers'],
    isLoss: true,
  },
  'udp-send-queue-full': {
    alert: otherExporters,
    seenBy: '`SndbufErrors` of UDP: from 1 per second',
    remedies: ['look-at-send-queues'],
    isLoss: true,
  },
  'packets-too-long': {
    alert: { none: 'Each new client costs some packets: only their rate beside a fault means something.' },
    seenBy: '`FragFails` of IPv4 and IPv6: from 1 per second, warning from 10',
    remedies: ['clamp-segments', 'clamp-segments-nftables', 'look-at-long-packets'],
  },
  'time-wait-overflow': {
    alert: otherExporters,
    seenBy: '`TCPTimeWaitOverflow`: from 1 per second',
    remedies: ['more-time-wait'],
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
