import type { RemedyId } from '../../../src/diagnosis/remedies/index.ts';

const kernel = 'test/diagnosis/remedies.test.ts';
const nat = 'test/diagnosis/remedies/nat.test.ts';
const limit = 'test/diagnosis/remedies/limit.test.ts';
const lab = 'lab/scenarios/remedies.ts';
const frozen = 'lab/scenarios/frozen-counters.ts';
const again = 'test/diagnosis/remedies/settings.test.ts';
const seenAgain = 'test/diagnosis/remedies/seen-again.test.ts';
const clamp = 'test/diagnosis/remedies/clamp-segments.test.ts';
const limits = 'test/diagnosis/remedies/kernel-limits.test.ts';
const limitWords = 'test/diagnosis/kernel-limits.test.ts';
const defence = 'lab/scenarios/defence.ts';
const words = 'test/diagnosis/remedies/commands.test.ts';

/**
 * Where each remedy is tried: typed on a kernel, in the lab on a cluster, or, where neither has what it acts on, its
 * commands compared. A remedy without an entry does not compile.
 */
export const tried: Readonly<Record<RemedyId, string>> = {
  'accept-bridged': 'test/diagnosis/remedies/accept-bridged.test.ts',
  'accept-invalid': 'test/diagnosis/remedies/one-way.test.ts',
  'accept-invalid-ovn': words,
  'accept-vrrp': 'test/keepalived/firewall.test.ts',
  'add-address': kernel,
  'allow-address': words,
  'be-liberal': 'test/diagnosis/lost-flows.test.ts',
  'chain-for-zones': 'test/diagnosis/remedies/chain-for-zones.test.ts',
  'clamp-segments': clamp,
  'clamp-segments-nftables': clamp,
  'count-again': frozen,
  'default-timers': kernel,
  'defend-when-needed': defence,
  'destination-timers-nftables': kernel,
  'expire-lost-connections': words,
  'expire-templates': words,
  'find-port': words,
  'forward-packets': kernel,
  'fragment-for-tunnels': words,
  'ipvs-without-conntrack': words,
  'larger-ipvs-limit': words,
  'larger-table': lab,
  'larger-udp-buffers': limitWords,
  'limit-destination-iptables': limit,
  'limit-destination-nftables': limit,
  'limit-source-iptables': limit,
  'limit-source-nftables': limit,
  'limit-within-memory': words,
  'longer-ipvs-timeout': words,
  'longer-receive-queue': limitWords,
  'look-at-allowance': words,
  'look-at-advertisements': words,
  'look-at-connections': words,
  'look-at-instance': words,
  'look-at-invalid': again,
  'look-at-limit': seenAgain,
  'look-at-listeners': seenAgain,
  'look-at-long-packets': limitWords,
  'look-at-memory': words,
  'look-at-neighbours': limits,
  'look-at-notrack': nat,
  'look-at-opener': words,
  'look-at-packets': words,
  'look-at-peers': 'test/keepalived/unicast.test.ts',
  'look-at-port-users': again,
  'look-at-real-servers': words,
  'look-at-refusal': 'test/diagnosis/refused-packets.test.ts',
  'look-at-send-queues': limitWords,
  'look-at-source': words,
  'look-at-source-ports': 'test/diagnosis/lost-flows.test.ts',
  'look-at-synchronization': words,
  'look-at-udp-sockets': limits,
  'look-at-zone-limits': words,
  'look-at-translations': 'test/diagnosis/remedies/old-translations.test.ts',
  'loose-reverse-path': kernel,
  'match-keepalived': lab,
  'more-buckets': lab,
  'more-expectations': words,
  'more-local-ports': again,
  'more-neighbours': limitWords,
  'more-time-wait': limits,
  'no-pick-up': again,
  'no-redirects': kernel,
  'notrack-iptables': kernel,
  'notrack-nftables': kernel,
  'notrack-tunnels': nat,
  'notrack-tunnels-nftables': nat,
  'notrack-upstream': words,
  'pick-up-connections': again,
  'quiet-arp': kernel,
  'random-ports': 'test/diagnosis/remedies/source-nat.test.ts',
  'read-log': words,
  'read-namespace': words,
  'record-dumps': words,
  'remove-address': kernel,
  'remove-notrack': nat,
  'remove-old-translations': 'test/diagnosis/remedies/old-translations.test.ts',
  'remove-tracked-entries': kernel,
  'restart-keepalived': words,
  'reuse-ports': words,
  'run-in-host-namespace': words,
  'settings-of-kube-proxy': words,
  'start-keepalived': words,
  'state-timer': 'test/diagnosis/remedies/state-timer.test.ts',
  'stateless-security-group': 'test/diagnosis/remedies/stateless-group.test.ts',
  'syn-cookies': 'test/diagnosis/remedies/syn-cookies.test.ts',
  'unreplied-timers': kernel,
  'usual-memory-threshold': defence,
};
