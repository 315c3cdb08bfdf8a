import { count, percent, several } from '../../readings/format.ts';
import { describeOwner, inNamespaceOf } from './subject.ts';
import type { Wording } from './words.ts';

/** What sources and zones do to a connection tracking table. */
type HolderFinding = 'conntrack-source-scan' | 'conntrack-zone-nearly-full' | 'conntrack-namespaces-not-read';

export const holderWording: Wording<HolderFinding> = {
  'conntrack-namespaces-not-read': ({ numbers, details: { largest, refused } }) => ({
    title: `The connection tracking tables of ${several(numbers.countedNamespaces + numbers.refusedNamespaces, 'other network namespace')} were not read`,
    notice: 'Nothing is known about what these tables hold.',
    evidence: [
      ...largest.map(({ namespace, presentEntries }) => `${namespace} holds ${count(presentEntries)}`),
      ...refused.map((namespace) => `${namespace}: may not be entered`),
    ],
    consequence:
      'A container or a router has a network namespace of its own, with its own table and the same limit. What is wrong there would not be reported.',
  }),
  'conntrack-source-scan': ({ subject, numbers, details: { zone } }) => {
    const { presentEntries, unrepliedEntries, targetDestinations, arrivalsPerSecond, limitEntries = 0 } = numbers;
    const ofLimit = limitEntries > 0 ? ` (${percent(presentEntries / limitEntries)} of the limit)` : '';
    return {
      title: `${subject.source}${zone === '0' ? '' : ` in zone ${zone}`}${inNamespaceOf(subject.namespace)} scans: it opens connections to ever new destinations, and most do not reply`,
      notice: 'Users notice when the table is full.',
      evidence: [
        `It holds ${count(presentEntries)} entries${ofLimit}, ${percent(unrepliedEntries / presentEntries)} of them without a reply`,
        `About ${count(targetDestinations)} destinations; ${count(arrivalsPerSecond)} new entries per second`,
        ...describeOwner(subject),
      ],
      consequence:
        'Each attempt takes an entry for 2 to 3 minutes. A scan fills a table of any size: limit or stop the source.',
    };
  },
  'conntrack-zone-nearly-full': ({ subject, numbers: { presentEntries, limitEntries } }) => ({
    title: `Zone ${subject.zone}${inNamespaceOf(subject.namespace)} is ${percent(presentEntries / limitEntries)} full`,
    notice: 'Users of this zone notice when it is full.',
    evidence: [
      `${count(presentEntries)} of the ${count(limitEntries)} entries that Open vSwitch lets it have`,
      ...describeOwner(subject),
    ],
    consequence: 'At its limit, Open vSwitch refuses the new connections of this zone. Other zones are not affected.',
  }),
};
