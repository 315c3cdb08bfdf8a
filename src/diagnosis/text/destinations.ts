import { verdictKinds } from '../../flows/classification/verdict-kinds.ts';
import { nameDestination } from '../../readings/destinations.ts';
import { count, percent } from '../../readings/format.ts';
import type { Subject } from '../finding.ts';
import type { DestinationFacts } from '../table-facts.ts';
import { formatRise } from './rates.ts';
import { describeOwner, inNamespaceOf, nameSubject, nameWithOwner } from './subject.ts';
import { describeHolding } from './table.ts';
import { noticeWhenFull, type Wording, type Words } from './words.ts';

type DestinationFinding =
  | 'conntrack-asymmetric-flows'
  | 'conntrack-syn-flood'
  | 'conntrack-unanswered-flows'
  | 'conntrack-answered-syn-flood'
  | 'conntrack-unanswered-nat-flows'
  | 'conntrack-dead-connections'
  | 'conntrack-insert-failing'
  | 'conntrack-invalid-resets'
  | 'invalid-dropped'
  | 'not-tracked'
  | 'notrack-matches-nothing'
  | 'notrack-breaks-nat';

/** What single destinations, and firewall rules for them, do to connection tracking. */
export const destinationWording: Wording<DestinationFinding> = {
  'conntrack-asymmetric-flows': (found) =>
    describeDestination(found, {
      title: (name) =>
        isPartial(found)
          ? `The replies of ${name} to some clients bypass this host, so their connections leave entries in the table`
          : `The replies of ${name} bypass this host, so each connection to it leaves an entry in the table`,
      consequence:
        'However short a connection is, its entry stays for 2 to 3 minutes, because this host sees only one direction of it (direct server return). When the table is full, new connections of every service through this host fail.',
    }),
  'conntrack-syn-flood': (found) =>
    describeDestination(found, {
      title: (name) => `A SYN flood hits ${name}`,
      consequence:
        'An attacker sends connection attempts from forged addresses. Each attempt keeps an entry in the table until its timer ends.',
    }),
  'conntrack-unanswered-flows': (found) =>
    describeDestination(found, {
      title: (name) => `No reply from ${name} passes this host`,
      notice:
        'Users of this service notice now, unless its replies bypass this host. All others notice when the table is full: new connections then fail.',
      consequence:
        'Either the service does not reply and its clients time out, or the replies bypass this host. Each attempt adds an entry to the table.',
    }),
  'conntrack-answered-syn-flood': (found) =>
    describeDestination(found, {
      title: (name) => `${name} answers connection attempts that no client completes`,
      notice:
        'Users of this service may notice now: they cannot connect if its replies get lost or its listen queue is full. All others notice when the table is full.',
      consequence:
        'This is a SYN flood, or the replies get lost after this host. Each attempt keeps an entry for nf_conntrack_tcp_timeout_syn_recv, and a place in the listen queue of the service. When that queue is full, the service refuses new clients.',
    }),
  'conntrack-unanswered-nat-flows': (found) =>
    describeDestination(found, {
      title: (name) => `No reply from ${name} comes back through the address translation (NAT) of this host`,
      notice:
        'Users of this service notice now: their requests time out. All others notice when the table is full: new connections then fail.',
      consequence:
        'Clients time out, and each attempt adds an entry to the table. Do not exempt these flows from connection tracking: NAT needs it.',
    }),
  'conntrack-dead-connections': (found) =>
    describeDestination(found, {
      title: (name) => `Most connections to ${name} are dead: open, but silent for a day or half of their timeout`,
      consequence:
        'Such entries stay for nf_conntrack_tcp_timeout_established after the last packet, by default five days. When the table is full, the kernel cannot evict them: it drops new connections.',
    }),
  'conntrack-insert-failing': ({ subject, numbers, details: { zonesWithoutNat, hasNoPorts } }) => ({
    title: `New connections through this host fail, although the connection tracking table${inNamespaceOf(subject.namespace)} has room: ${count(numbers.lostPerSecond)} per second are lost`,
    notice: 'Users notice now: some new connections fail, or take seconds.',
    evidence: [
      `insert_failed: ${count(numbers.lostFlows)} connections since the previous reading; packets dropped: ${count(numbers.droppedPackets)}`,
      ...(numbers.usedRatio === undefined ? [] : [`The table is ${percent(numbers.usedRatio)} full`]),
      ...(numbers.translatedEntries === undefined
        ? []
        : [`NAT translates ${count(numbers.translatedEntries)} entries of ${nameSubject(subject)}`]),
      ...(zonesWithoutNat.length === 0
        ? []
        : [
            `Rules give a zone to the original direction alone, and no chain of NAT is there for ${zonesWithoutNat.map((family) => (family === 'ipv6' ? 'IPv6' : 'IPv4')).join(' and ')}`,
          ]),
    ],
    consequence:
      zonesWithoutNat.length > 0
        ? 'The replies of all zones are looked for in one zone. The kernel drops the first packet of a connection if one of another zone has the same addresses and ports; with a chain of NAT, it would get another source port.'
        : hasNoPorts
          ? 'This protocol has no ports, so NAT cannot distinguish two clients of one server that get the same address: the kernel drops all packets of every client but the first.'
          : 'The kernel drops the first packet of a connection if another connection already has the same addresses and ports. With NAT, this happens when the source ports of the NAT address are used up, or when two connections get the same port at the same time.',
  }),
  'conntrack-invalid-resets': ({ subject, numbers }) => ({
    title: `Connections through NAT${inNamespaceOf(subject.namespace)} may be reset: ${count(numbers.invalidPerSecond)} packets per second fit no connection (INVALID)`,
    notice: 'Users may notice now: long transfers end with "connection reset by peer".',
    evidence: [
      `${count(numbers.invalidPackets)} INVALID packets since the previous reading, and no one-way connections that explain them`,
      `NAT translates ${count(numbers.translatedEntries)} entries of one destination`,
      'nf_conntrack_tcp_be_liberal is 0',
    ],
    consequence:
      'NAT does not translate a TCP segment outside the window (INVALID). The host treats such a segment as addressed to itself and resets the connection.',
  }),
  'invalid-dropped': ({ subject, numbers: { droppedPackets, invalidPackets }, details: { chains } }) => ({
    title: `The firewall drops every packet after the first one of connections to ${nameSubject(subject)}, as INVALID: it does not see the replies`,
    notice: 'Users notice now: connections open and then hang.',
    evidence: [
      droppedPackets === undefined
        ? `${count(invalidPackets)} INVALID packets since the previous reading; ${chains.join(', ')} drops every one of them`
        : `${count(droppedPackets)} of ${count(invalidPackets)} INVALID packets since the previous reading were dropped, by ${chains.join(', ')}`,
      `The replies of ${nameSubject(subject)} bypass this host, so every client packet after the first is INVALID`,
    ],
    consequence: 'Clients connect, but no data that they send arrives.',
  }),
  'not-tracked': ({ subject, numbers: { remainingEntries } }) => ({
    title: `A firewall rule exempts ${nameRule(subject)} from connection tracking`,
    notice: 'Users do not notice.',
    evidence: [remainingEntries > 0 ? `${count(remainingEntries)} entries for it remain` : 'No entries for it remain'],
    consequence: 'Direct server return needs such a rule. Entries that are older than the rule stay until they expire.',
  }),
  'notrack-matches-nothing': ({ subject, numbers: { remainingEntries } }) => ({
    title: `The firewall rule that exempts ${nameRule(subject)} from connection tracking (NOTRACK) matches no packet`,
    notice: noticeWhenFull,
    evidence: [`The rule matched 0 packets, and the table has ${count(remainingEntries)} entries for the destination`],
    consequence:
      'A NOTRACK rule exempts packets from connection tracking. In PREROUTING, it does not match packets that this host sends itself. It never matches packets that a virtual switch tracks.',
  }),
  'notrack-breaks-nat': ({ subject, numbers: { translatedEntries, matchedPackets } }) => ({
    title: `A firewall rule breaks ${nameRule(subject)}: it exempts the address from connection tracking (NOTRACK), which its translation (NAT) needs`,
    notice: 'Users notice now: connections to this service fail.',
    evidence: [
      translatedEntries > 0
        ? `NAT translates ${count(translatedEntries)} entries of this service`
        : 'A firewall rule translates its address (DNAT)',
      ...(matchedPackets === undefined ? [] : [`The NOTRACK rule exempted ${count(matchedPackets)} packets`]),
    ],
    consequence:
      'A NOTRACK rule exempts packets from connection tracking, and NAT (address translation) applies to tracked packets only. Exempted packets go to the untranslated address, where no service listens.',
  }),
};

/** Most entries of an asymmetric destination are unreplied, unless another router has a part of the replies. */
function isPartial({ numbers: { presentEntries, unrepliedEntries } }: DestinationFacts): boolean {
  return unrepliedEntries < 0.8 * presentEntries;
}

interface Phrases {
  readonly title: (name: string) => string;
  /** By default, only the table matters to users. */
  readonly notice?: string;
  readonly consequence: string;
}

function describeDestination(
  { subject, numbers, details }: DestinationFacts & { readonly subject: Subject },
  { title, notice = noticeWhenFull, consequence }: Phrases,
): Words {
  const { invalidPackets, invalidPerSecond } = numbers;
  return {
    title: title(nameWithOwner(subject)),
    notice,
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

function nameRule({ destination }: Subject): string {
  return destination ? nameDestination(destination) : 'a destination';
}
