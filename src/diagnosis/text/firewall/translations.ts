import { count, several } from '../../../readings/format.ts';
import { inNamespaceOf, nameSubject } from '../subject.ts';
import type { Wording } from '../words.ts';

/** What NAT does with addresses. */
export const translationWording: Wording<'nat-address-gone' | 'nat-target-gone'> = {
  'nat-address-gone': ({ subject, numbers, details: { chains } }) => ({
    title: `NAT${inNamespaceOf(subject.namespace)} sends ${count(numbers.presentEntries)} connections from ${subject.address}, an address that no interface of this host has`,
    notice:
      chains.length > 0
        ? 'Users notice now: these connections get no reply and do not open.'
        : 'Some users notice now: calls, tunnels and games that were open before the address changed get no reply.',
    evidence: [
      `Never replied: ${count(numbers.unrepliedEntries)} of them`,
      chains.length > 0
        ? `Rules that translate to it: ${chains.join(', ')}`
        : 'No rule translates to it any more: the entries are from before',
    ],
    consequence:
      chains.length > 0
        ? 'Replies are sent to that address, and nothing shows that they get here. If routers send it to this host, look at what answers these connections.'
        : 'NAT chooses the address with the first packet of a connection and keeps it. A program that sends often, such as a telephone, keeps the entry and so the old address for ever.',
  }),
  'nat-target-gone': ({ subject, numbers, details: { targets } }) => {
    const { presentEntries, unrepliedEntries, goneDestinations } = numbers;
    const others = goneDestinations - targets.length;
    return {
      title: `NAT${inNamespaceOf(subject.namespace)} still sends ${several(presentEntries, 'flow')} of ${nameSubject(subject)} to ${targets.join(', ')}${others > 0 ? ` and ${count(others)} more` : ''}, where no rule sends them any more`,
      notice: 'Users of this service notice now if the old address is gone: what they send is lost.',
      evidence: [
        `Never replied: ${count(unrepliedEntries)} of them`,
        `Rules translate ${nameSubject(subject)} to other addresses: the entries are from before`,
      ],
      consequence:
        'NAT chooses the target with the first packet of a flow and keeps it. A program that goes on sending from one port, such as a sender of logs or metrics, keeps the entry and so the old target for ever.',
    };
  },
};
