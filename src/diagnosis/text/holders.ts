import { count, percent } from '../../readings/format.ts';
import { describeOwner, inNamespaceOf } from './subject.ts';
import type { Wording } from './words.ts';

/** What sources and zones do to a connection tracking table. */
export const holderWording: Wording<'conntrack-source-scan' | 'conntrack-zone-nearly-full'> = {
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
