import { count, percent, several } from '../../readings/format.ts';
import { describeOwner, inNamespaceOf, nameSource } from './subject.ts';
import { noticeWhenFull, type Wording } from './words.ts';

function further(namespaces: number, which: string): string[] {
  return namespaces > 0 ? [`${several(namespaces, 'more network namespace')} ${which}`] : [];
}

/** What sources and zones do to a connection tracking table. */
type HolderFinding = 'conntrack-source-scan' | 'conntrack-zone-nearly-full' | 'conntrack-namespaces-not-read';

export const holderWording: Wording<HolderFinding> = {
  'conntrack-namespaces-not-read': ({ numbers, details: { largest, refused } }) => ({
    title: `The connection tracking tables of ${several(numbers.countedNamespaces + numbers.refusedNamespaces, 'other network namespace')} were not read`,
    notice: 'Problems in these tables are not detected.',
    evidence: [
      ...largest.map(({ namespace, presentEntries }) => `${namespace}: ${count(presentEntries)} entries`),
      ...further(numbers.countedNamespaces - largest.length, 'with fewer entries'),
      ...refused.map((namespace) => `${namespace}: permission denied`),
      ...further(numbers.refusedNamespaces - refused.length, 'without permission'),
    ],
    consequence:
      'Containers and virtual routers have network namespaces of their own. Each has its own table with the same limit, and each can fill.',
  }),
  'conntrack-source-scan': ({ subject, numbers, details: { zone, isOwn } }) => {
    const { presentEntries, unrepliedEntries, targetDestinations, arrivalsPerSecond, limitEntries = 0 } = numbers;
    const ofLimit = limitEntries > 0 ? ` (${percent(presentEntries / limitEntries)} of the limit)` : '';
    const source = `${nameSource(subject, isOwn)}${zone === '0' ? '' : ` in zone ${zone}`}${inNamespaceOf(subject.namespace)}`;
    return {
      title: `${source} ${isOwn ? 'opens connections as a scan does' : 'scans the network'}: it keeps ${isOwn ? 'asking' : 'opening connections to'} new destinations, and most do not reply`,
      notice: noticeWhenFull,
      evidence: [
        `It holds ${count(presentEntries)} entries${ofLimit}, ${percent(unrepliedEntries / presentEntries)} of them without a reply`,
        `About ${count(targetDestinations)} destinations${arrivalsPerSecond > 0 ? `; ${count(arrivalsPerSecond)} new entries per second` : ''}`,
        ...describeOwner(subject),
      ],
      consequence: `Each attempt keeps an entry until its timeout: 2 to 3 minutes with TCP, 30 s with UDP. ${isOwn ? 'A resolver or a crawler does this too. It can fill a table of any size: limit or stop the program' : 'A scan can fill a table of any size: limit or stop the source'}.`,
    };
  },
  'conntrack-zone-nearly-full': ({ subject, numbers: { presentEntries, limitEntries } }) => ({
    title: `Zone ${subject.zone}${inNamespaceOf(subject.namespace)} is ${percent(presentEntries / limitEntries)} full`,
    notice: 'Users of this zone notice when it is full.',
    evidence: [
      `${count(presentEntries)} of ${count(limitEntries)} entries (the limit of the zone in Open vSwitch)`,
      ...describeOwner(subject),
    ],
    consequence: 'At this limit, Open vSwitch refuses new connections of the zone. Other zones are not affected.',
  }),
};
