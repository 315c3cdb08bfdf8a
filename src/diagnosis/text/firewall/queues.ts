import { count } from '../../../readings/format.ts';
import { formatRise } from '../rates.ts';
import { inNamespaceOf } from '../subject.ts';
import type { Wording } from '../words.ts';
import { placeOfRule } from './refusals.ts';

/** Packets that wait for a program's decision, and messages without which there are none. */
export const queueWording: Wording<'packet-queue-drops' | 'neighbours-refused'> = {
  'neighbours-refused': ({ subject, numbers: { sentPackets }, details: { dropping } }) => ({
    title: `The firewall${inNamespaceOf(subject.namespace)} drops neighbour discovery of IPv6: this host cannot find its neighbours, not even its router`,
    notice: 'Users notice now: nothing works over IPv6 beyond this host.',
    evidence: [
      `${count(sentPackets)} neighbour solicitations sent since the previous reading, and no advertisement received`,
      ...dropping.map(
        ({ chain, tool }) => `${tool}: the chain "${chain}" drops neighbour advertisements (ICMPv6 type 136)`,
      ),
    ],
    consequence:
      'IPv6 has no ARP: it finds the link address of a neighbour by ICMPv6. Connection tracking does not track these messages, so a rule for ESTABLISHED or NEW does not accept them.',
  }),
  'packet-queue-drops': ({ subject, numbers: { queuedPackets, queuedPerSecond }, details }) => {
    const { chains, tool, position, rule, hasProgram } = details;
    const [chain = ''] = chains;
    const queues = nameQueues(details.queues);
    const where = inNamespaceOf(subject.namespace);
    return {
      title: hasProgram
        ? `A program${where} that decides over packets (${queues}) is too slow: the kernel drops what it does not take`
        : `The firewall${where} hands packets to a program that does not run (${queues}): the kernel drops every one of them`,
      notice: hasProgram
        ? 'Users notice now: connections are slow, and some fail.'
        : 'Users notice now: connections that meet this rule do not open, and open ones hang.',
      evidence: [
        `The ${placeOfRule(chain, position)} (${tool})${rule === '' ? '' : `: ${rule}`}`,
        ...(queuedPackets === undefined || queuedPerSecond === undefined
          ? []
          : [`Packets dropped: ${formatRise(queuedPackets, queuedPerSecond)}`]),
        ...(hasProgram ? [] : ['/proc/net/netfilter/nfnetlink_queue does not have all of its queues']),
      ],
      consequence: hasProgram
        ? 'An intrusion prevention system or an application firewall, such as Suricata or OpenSnitch, gets every packet of such a rule. It needs more queues, or fewer packets.'
        : 'An intrusion prevention system or an application firewall, such as Suricata, Snort or OpenSnitch, has stopped and left its rule behind. Without --queue-bypass (nftables: bypass), a packet without a program is dropped.',
    };
  },
};

function nameQueues(queues: string): string {
  const [first = '', last = first] = queues.split('-');
  return first === last ? `queue ${first}` : `queues ${first} to ${last}`;
}
