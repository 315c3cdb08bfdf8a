import { count } from '../../../readings/format.ts';
import { inNamespaceOf } from '../subject.ts';
import type { Wording } from '../words.ts';

/** What NAT does with addresses. */
export const translationWording: Wording<'nat-address-gone'> = {
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
};
