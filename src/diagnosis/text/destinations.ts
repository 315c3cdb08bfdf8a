import { verdictKinds } from '../../flows/classification/verdict-kinds.ts';
import { nameDestination } from '../../readings/destinations.ts';
import { bytes, count, percent, time } from '../../readings/format.ts';
import type { DestinationFacts } from '../facts.ts';
import type { Subject } from '../finding.ts';
import { formatRise } from './rates.ts';
import { describeOwner, inNamespaceOf, nameSubject, nameWithOwner } from './subject.ts';
import { describeHolding } from './table.ts';
import type { Wording, Words } from './words.ts';

type ConntrackFinding =
  | 'conntrack-asymmetric-flows'
  | 'conntrack-syn-flood'
  | 'conntrack-unanswered-flows'
  | 'conntrack-answered-syn-flood'
  | 'conntrack-unanswered-nat-flows'
  | 'conntrack-dead-connections'
  | 'conntrack-chain-too-long'
  | 'conntrack-buckets-too-few'
  | 'table-larger-than-memory'
  | 'long-timeouts'
  | 'timers-without-entries'
  | 'conntrack-insert-failing'
  | 'conntrack-invalid-resets'
  | 'invalid-dropped'
  | 'not-tracked'
  | 'notrack-matches-nothing'
  | 'notrack-breaks-nat';

/** What single destinations, settings and firewall rules do to connection tracking. */
export const conntrackWording: Wording<ConntrackFinding> = {
  'conntrack-asymmetric-flows': (found) =>
    describeDestination(found, {
      title: (name) => `The replies of ${name} bypass this host, and each of its connections stays in the table`,
      consequence:
        'However short a connection is, its entry stays for 2 to 3 minutes, because this host sees only one direction of it (direct server return). When the table is full, every connection through this host suffers.',
    }),
  'conntrack-syn-flood': (found) =>
    describeDestination(found, {
      title: (name) => `A SYN flood hits ${name}`,
      consequence:
        'Attackers send connection attempts from forged addresses. Each one takes an entry of the table until its timer ends.',
    }),
  'conntrack-unanswered-flows': (found) =>
    describeDestination(found, {
      title: (name) => `No reply from ${name} passes this host`,
      consequence:
        'Either the service does not reply and clients wait without result, or the replies bypass this host. Each attempt takes an entry of the table.',
    }),
  'conntrack-answered-syn-flood': (found) =>
    describeDestination(found, {
      title: (name) => `${name} answers connection attempts that no client completes`,
      consequence:
        'A SYN flood, or replies that get lost behind this host. Each attempt takes an entry for the time of nf_conntrack_tcp_timeout_syn_recv, and a place in the queue of the service, which refuses new clients when that is full.',
    }),
  'conntrack-unanswered-nat-flows': (found) =>
    describeDestination(found, {
      title: (name) => `No reply from ${name} comes back through the address translation (NAT) of this host`,
      consequence:
        'Clients wait without result, and each attempt takes an entry of the table. Never exempt these flows from tracking: the translation needs it.',
    }),
  'conntrack-dead-connections': (found) =>
    describeDestination(found, {
      title: (name) => `Most connections to ${name} are dead: open, and silent for more than half of their timer`,
      consequence:
        'Such entries stay for up to nf_conntrack_tcp_timeout_established after the last packet, five days by default. The kernel evicts none of them when the table is full: it drops new connections.',
    }),
  'conntrack-chain-too-long': ({ numbers }) => ({
    title: 'The kernel refuses new connections: the hash chains of the connection tracking table are too long',
    notice: 'Users notice now: some new connections fail.',
    evidence: [
      describeChains(numbers),
      `${count(numbers.refusedFlows)} connections refused since the previous reading`,
    ],
    consequence: longChains,
  }),
  'conntrack-buckets-too-few': ({ numbers }) => ({
    title: 'The connection tracking table has fewer buckets than its limit needs',
    notice: 'Users notice when the table fills.',
    evidence: [describeChains(numbers)],
    consequence: longChains,
  }),
  'table-larger-than-memory': ({ numbers: { limitEntries, neededBytes, memoryBytes } }) => ({
    title: `A full connection tracking table takes ${percent(neededBytes / memoryBytes)} of the memory`,
    notice: 'Users notice when the table fills: the host runs out of memory.',
    evidence: [`${count(limitEntries)} entries take ${bytes(neededBytes)}; the machine has ${bytes(memoryBytes)}`],
    consequence: 'The kernel runs out of memory before it limits the table. It cannot swap the table out.',
  }),
  'long-timeouts': ({ details: { timers }, subject }) => ({
    title: `Tracked connections${inNamespaceOf(subject.namespace)} stay longer than by the defaults of the kernel`,
    notice: 'Users notice when the table is full.',
    evidence: timers.map(
      ({ setting, presentSeconds, defaultSeconds }) =>
        `${setting} is ${time(presentSeconds)}, by default ${time(defaultSeconds)}`,
    ),
    consequence: 'Entries stay in the table for the time of their timer: twice the time, twice the entries.',
  }),
  'timers-without-entries': ({ details: { timers }, subject }) => ({
    title: `Timers${inNamespaceOf(subject.namespace)} were shortened that no entries use, so the table fills all the same`,
    notice: 'Users notice nothing of these timers.',
    evidence: timers.map(
      ({ setting, presentSeconds, defaultSeconds }) =>
        `${setting} is ${time(presentSeconds)}, by default ${time(defaultSeconds)}`,
    ),
    consequence:
      'Even with the default timer, entries of this state would hold less than 5 % of the table. The finding on the table names what fills it.',
  }),
  'conntrack-insert-failing': ({ subject, numbers }) => ({
    title: `New connections through this host fail, although the connection tracking table${inNamespaceOf(subject.namespace)} has room: ${count(numbers.lostPerSecond)} per second are lost`,
    notice: 'Users notice now: some new connections fail, or take seconds.',
    evidence: [
      `insert_failed: ${count(numbers.lostFlows)} connections since the previous reading; packets dropped: ${count(numbers.droppedPackets)}`,
      ...(numbers.usedRatio === undefined ? [] : [`The table is ${percent(numbers.usedRatio)} full`]),
      ...(numbers.translatedEntries === undefined
        ? []
        : [`NAT applies to ${count(numbers.translatedEntries)} entries of ${nameSubject(subject)}`]),
    ],
    consequence:
      'The kernel drops the first packet of a connection whose addresses and ports another one already has. With NAT, this happens when the source ports of its address are used up, or when two connections get the same one at the same time.',
  }),
  'conntrack-invalid-resets': ({ subject, numbers }) => ({
    title: `Connections through NAT${inNamespaceOf(subject.namespace)} may be reset: ${count(numbers.invalidPerSecond)} INVALID packets per second`,
    notice: 'Users may notice now: long transfers end with "connection reset by peer".',
    evidence: [
      `${count(numbers.invalidPackets)} INVALID packets since the previous reading, and no one-way connections that explain them`,
      `NAT applies to ${count(numbers.translatedEntries)} entries of one destination`,
      'nf_conntrack_tcp_be_liberal is 0',
    ],
    consequence:
      'NAT does not apply to a TCP segment outside the window (INVALID). The host takes it for its own, and resets the connection.',
  }),
  'invalid-dropped': ({ subject, numbers: { droppedPackets, invalidPackets }, details: { chains } }) => ({
    title: `The firewall drops INVALID packets, so connections to ${nameSubject(subject)} cannot work`,
    notice: 'Users notice now: connections open and then hang.',
    evidence: [
      droppedPackets === undefined
        ? `${count(invalidPackets)} INVALID packets since the previous reading; ${chains.join(', ')} drops every one`
        : `${count(droppedPackets)} of ${count(invalidPackets)} INVALID packets since the previous reading were dropped, by ${chains.join(', ')}`,
      `The replies of ${nameSubject(subject)} bypass this host, so every packet of a client but the first is INVALID`,
    ],
    consequence: 'Clients connect, and then nothing that they send arrives.',
  }),
  'not-tracked': ({ subject, numbers: { remainingEntries } }) => ({
    title: `A firewall rule exempts ${nameRule(subject)} from connection tracking`,
    notice: 'Users notice nothing.',
    evidence: [remainingEntries > 0 ? `${count(remainingEntries)} entries for it remain` : 'No entries for it remain'],
    consequence: 'Direct server return needs such a rule. Entries from before the rule stay until they expire.',
  }),
  'notrack-matches-nothing': ({ subject, numbers: { remainingEntries } }) => ({
    title: `A NOTRACK rule for ${nameRule(subject)} matches no packet`,
    notice: 'Users notice when the table is full.',
    evidence: [`The rule counts 0 packets, and ${count(remainingEntries)} entries for it are in the table`],
    consequence:
      'A NOTRACK rule exempts packets from connection tracking. In PREROUTING it does not see what this host sends itself, and it sees no packets that a virtual switch tracks.',
  }),
  'notrack-breaks-nat': ({ subject, numbers: { translatedEntries, matchedPackets } }) => ({
    title: `A NOTRACK rule takes ${nameRule(subject)} down: its address is translated, and NAT needs tracking`,
    notice: 'Users notice now: connections to it fail.',
    evidence: [
      translatedEntries > 0
        ? `${count(translatedEntries)} entries for it are translated (NAT)`
        : 'A rule of the firewall translates its address (DNAT)',
      ...(matchedPackets === undefined ? [] : [`The NOTRACK rule exempted ${count(matchedPackets)} packets`]),
    ],
    consequence:
      'A NOTRACK rule exempts packets from connection tracking, which NAT (address translation) is part of. They then go to the address that they were sent to, where no service is.',
  }),
};

interface Phrases {
  readonly title: (name: string) => string;
  readonly consequence: string;
}

function describeDestination(
  { subject, numbers, details }: DestinationFacts & { readonly subject: Subject },
  { title, consequence }: Phrases,
): Words {
  const { invalidPackets, invalidPerSecond } = numbers;
  return {
    title: title(nameWithOwner(subject)),
    notice: 'Users notice when the table is full.',
    evidence: [
      describeHolding({ subject, numbers }),
      ...describeOwner(subject),
      `It is ${verdictKinds[details.verdict].meaning}`,
      ...(invalidPackets === undefined
        ? []
        : [`INVALID packets, of all destinations: ${formatRise(invalidPackets, invalidPerSecond)}`]),
    ],
    consequence,
  };
}

const longChains =
  'Long chains slow down each packet. From Linux 5.15 on the kernel refuses a connection whose chain is too long, before the table is full.';

function describeChains({ limitEntries, presentBuckets }: { limitEntries: number; presentBuckets: number }): string {
  const length = (2 * limitEntries) / presentBuckets;
  return `${count(limitEntries)} entries in ${count(presentBuckets)} buckets: chains of ${count(length)} when full, as each entry is in two`;
}

function nameRule({ destination }: Subject): string {
  return destination ? nameDestination(destination) : 'a destination';
}
