import { formatRise } from '../rates.ts';
import { inNamespaceOf } from '../subject.ts';
import type { Wording } from '../words.ts';

/** Packets that wait for a program's decision. */
export const queueWording: Wording<'packet-queue-drops'> = {
  'packet-queue-drops': ({ subject, numbers: { queuedPackets, queuedPerSecond }, details }) => {
    const { chains, tool, position, rule, hasProgram } = details;
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
        `The rule: number ${position} of chain ${chains.join(', ')} (${tool})${rule === '' ? '' : `: ${rule}`}`,
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
