import { count, percent, time } from '../../readings/format.ts';
import type { Found } from '../finding.ts';
import { formatRise } from './rates.ts';
import { inNamespaceOf, nameSubject } from './subject.ts';
import { noticeWhenFull, type Wording, type Words } from './words.ts';

type TrafficFinding =
  | 'unknown-connections-dropped'
  | 'synproxy-picks-up'
  | 'conntrack-expectations-full'
  | 'connection-limit'
  | 'rate-limit'
  | 'notrack-dropped'
  | 'listen-queue-full'
  | 'syn-cookies-sent'
  | 'local-ports-used-up';

/** What connections meet on this host while its table has room. */
export const trafficWording: Wording<TrafficFinding> = {
  'unknown-connections-dropped': ({ subject, numbers, details: { chains, picksUp, timers } }) => ({
    title: `The firewall${inNamespaceOf(subject.namespace)} drops packets of connections that this host does not have in its connection tracking table`,
    notice: picksUp
      ? 'Some users notice now: their connections do not open, or hang.'
      : timers.length > 0
        ? 'Users notice now: connections hang that were idle for a while, or open before a failover or a restart of the firewall.'
        : 'Users notice now: connections that were open before a failover or a restart of the firewall hang.',
    evidence: [
      `INVALID packets: ${formatRise(numbers.invalidPackets, numbers.invalidPerSecond)}; new connections: ${count(numbers.arrivalsPerSecond)} per second`,
      `${chains.join(', ')} drops them`,
      ...timers.map(
        ({ setting, presentSeconds }) =>
          `${setting} is ${time(presentSeconds)}: a connection that is idle for longer is no longer known`,
      ),
      ...(picksUp ? [] : ['nf_conntrack_tcp_loose is 0: the kernel does not track a connection from its middle on']),
    ],
    consequence: picksUp
      ? 'A packet that belongs to no tracked connection is INVALID. Usual causes: only the replies of a connection pass this host, or its entry expired while it was idle.'
      : 'A packet that belongs to no tracked connection is INVALID. After a failover, a flush of the table or a reload of the firewall, that is every packet of the connections that were open.',
  }),
  'synproxy-picks-up': ({ subject, details: { chains } }) => ({
    title: `Clients cannot connect through the SYNPROXY rules of the firewall${inNamespaceOf(subject.namespace)}: nf_conntrack_tcp_loose must be 0`,
    notice: 'Users notice now: their connections open and are reset at once.',
    evidence: [`SYNPROXY is in ${chains.join(', ')}`, 'nf_conntrack_tcp_loose is 1'],
    consequence:
      'SYNPROXY answers in place of the service and begins the connection with the next packet of the client. With nf_conntrack_tcp_loose that packet counts as an open connection and goes on to the service, which resets it.',
  }),
  'conntrack-expectations-full': ({ subject, numbers: { expectedConnections, limitConnections } }) => ({
    title: `The kernel${inNamespaceOf(subject.namespace)} expects ${count(expectedConnections)} connections for its helpers (FTP, SIP and others), of at most ${count(limitConnections)}`,
    notice: 'Users notice now: file transfers do not begin, and telephone calls have no sound.',
    evidence: [`nf_conntrack_expect_max is ${count(limitConnections)}`],
    consequence:
      'At the limit the kernel drops packets that announce a further connection, and logs "expectation table full".',
  }),
  'connection-limit': describeLimit,
  'rate-limit': ({ subject, numbers: { refusedPackets, refusedPerSecond }, details: { chains, rate } }) => ({
    title: `A firewall rule refuses new connections now${subject.destination ? ` of ${nameSubject(subject)}` : inNamespaceOf(subject.namespace)}: they come faster than ${rate}`,
    notice: 'Users notice now: new connections above the rate fail.',
    evidence: [
      `The rule is in ${chains.join(', ')}`,
      `Packets refused: ${formatRise(refusedPackets, refusedPerSecond)}`,
    ],
    consequence:
      'The rule protects against floods and guessed passwords. If these clients are meant to be served, its rate is too low: many users behind one address (NAT) count as one.',
  }),
  'notrack-dropped': ({ subject, numbers: { matchedPackets }, details: { dropping } }) => ({
    title: `The firewall drops the packets of ${nameSubject(subject)} that a NOTRACK rule exempts from connection tracking`,
    notice: 'Users notice now: they cannot connect.',
    evidence: [
      `The rule exempted ${count(matchedPackets)} packets since the previous reading`,
      `${dropping.map(({ chain }) => chain).join(', ')} has no rule that accepts such packets`,
    ],
    consequence:
      'Exempted packets are UNTRACKED: rules for NEW and ESTABLISHED connections do not match them. The firewall must accept both directions by address and port, or the NOTRACK rule must go.',
  }),
  'listen-queue-full': ({ numbers: { refusedConnections, refusedPerSecond } }) => ({
    title: `A service of this host accepts connections too slowly: ${count(refusedPerSecond)} per second find its listen queue full`,
    notice: 'Users notice now: they wait for seconds, or cannot connect.',
    evidence: [`ListenOverflows rose by ${count(refusedConnections)} since the previous reading`],
    consequence:
      'The program hangs, or has more clients than it can serve. The kernel drops the first packet of a connection that finds no place in the queue, and clients try again after one second or more.',
  }),
  'syn-cookies-sent': ({ numbers }) => ({
    title: `A service of this host gets more connection attempts than its queue holds; the kernel answers ${count(numbers.sentPerSecond)} per second with a SYN cookie, so clients still connect`,
    notice: 'Users do not notice: SYN cookies work.',
    evidence: [
      `${count(numbers.sentPackets)} cookies sent since the previous reading, ${count(numbers.completedConnections)} connections completed with one (${percent(numbers.completedConnections / numbers.sentPackets)})`,
    ],
    consequence: isFlood(numbers)
      ? 'Few of these attempts are completed: they are a SYN flood. Each one still takes an entry where connections are tracked.'
      : 'Many of these attempts are completed: they are clients, and the queue of the service is too short for them. Connections by cookie lose TCP options of theirs, such as window scaling.',
  }),
  'local-ports-used-up': ({ subject, numbers: { openConnections, localPorts } }) => ({
    title: `This host has no source port left for connections to ${nameSubject(subject)}`,
    notice: 'Users notice now: programs of this host fail with "cannot assign requested address".',
    evidence: [
      `${count(openConnections)} open connections to it, ${count(localPorts)} ports in net.ipv4.ip_local_port_range`,
    ],
    consequence:
      'Each connection from one address to one address and port needs a source port of its own. The connection tracking table has nothing to do with it.',
  }),
};

/** Less than this part of the attempts by cookie is completed. */
const fewCompleted = 0.2;

function isFlood({ sentPackets, completedConnections }: Found<'syn-cookies-sent'>['numbers']): boolean {
  return completedConnections < fewCompleted * sentPackets;
}

function describeLimit({ subject, numbers, details: { chains, effect } }: Found<'connection-limit'>): Words {
  const { limitConnections, refusedPackets = 0, refusedPerSecond, presentEntries } = numbers;
  const name = nameSubject(subject);
  const limit = `limit of ${count(limitConnections)} connections${name === '' ? '' : ` for ${name}`}`;
  return {
    title: {
      refuses: `A firewall rule refuses connections now: the ${limit} is reached`,
      idle: `A firewall rule with a ${limit} is in force, and refuses none now`,
      exceeded: `A firewall rule with a ${limit} does not hold it: it refuses none, and there are more`,
    }[effect],
    notice: {
      refuses: 'Users notice now: new connections above the limit fail.',
      idle: 'Users do not notice.',
      exceeded: noticeWhenFull,
    }[effect],
    evidence: [
      `The rule is in ${chains.join(', ')}`,
      ...(effect === 'refuses' ? [`Packets refused: ${formatRise(refusedPackets, refusedPerSecond)}`] : []),
      ...(presentEntries === undefined ? [] : [`The destination has ${count(presentEntries)} entries`]),
    ],
    consequence: {
      refuses: 'The limit protects all other destinations. If these clients are meant to be served, it is too low.',
      idle: 'Nothing to do. Remove the rule when the reason for it has passed.',
      exceeded:
        'Entries of before the rule stay until they expire. If their number does not fall, packets do not pass the chain of the rule, or another rule accepts them first.',
    }[effect],
  };
}
