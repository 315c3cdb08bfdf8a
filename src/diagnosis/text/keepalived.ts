import { lvsHostNetworkNamespace } from '../../collectors/platform-metrics.ts';
import { count, several } from '../../readings/format.ts';
import { collectorSuccess } from '../../scrape/exporter-metrics.ts';
import type { Subject } from '../finding.ts';
import type { Wording } from './words.ts';

type KeepalivedFinding =
  | 'keepalived-down'
  | 'keepalived-process-down'
  | 'vrrp-fault'
  | 'keepalived-address-misplaced'
  | 'keepalived-split-brain'
  | 'keepalived-advertisements-refused'
  | 'keepalived-dump-unreadable'
  | 'lvs-exporter-not-in-host-namespace'
  | 'lvs-exporter-collector-failing';

/** keepalived, which decides what director serves, and what could not be seen. */
export const keepalivedWording: Wording<KeepalivedFinding> = {
  'keepalived-down': ({ subject: { daemon = '' }, details: { instances } }) => ({
    title: `${daemon === '' ? 'keepalived' : `The keepalived ${daemon}`} does not run, so this machine cannot take over`,
    notice: 'Users notice when the other director fails.',
    evidence: [`It last had ${several(instances.length, 'instance')}: ${instances.join(', ')}`],
    consequence: 'When the other director fails, no machine serves. Real servers that fail are not taken out.',
  }),
  'keepalived-process-down': ({ subject: { daemon = '' }, numbers, details: { process, isUp, instances } }) => ({
    title: `The ${process} process of keepalived${daemon === '' ? '' : ` ${daemon}`} ${isUp ? 'was restarted' : 'does not run'}`,
    notice: processNotices[process] ?? '',
    evidence: [
      ...(numbers.recentRestarts > 0
        ? [`${several(numbers.recentRestarts, 'restart')} since the previous reading`]
        : []),
      `At least ${several(numbers.knownRestarts, 'restart')} since keepalived started`,
      ...(instances.length > 0 ? [`It has ${several(instances.length, 'instance')}: ${instances.join(', ')}`] : []),
    ],
    consequence: processConsequences[process] ?? '',
  }),
  'vrrp-fault': ({ subject, details: { failedScripts } }) => ({
    title: `The ${nameInstance(subject)} is in state FAULT`,
    notice: 'Users notice when the other director fails.',
    evidence: ['State: fault', ...failedScripts.map((script) => `Its script ${script} fails`)],
    consequence: 'It cannot become master: when the other director fails, no machine serves.',
  }),
  'keepalived-address-misplaced': ({ subject, details: { state, isBound } }) =>
    isBound
      ? {
          title: `The ${nameInstance(subject)} is in state ${state}, but this machine has its address ${subject.address}`,
          notice: 'Some users notice now: they reach the wrong machine.',
          evidence: [`State: ${state}`, `${subject.address} is on ${subject.instance?.interface}`],
          consequence: 'Two machines answer for the address: some clients reach the wrong one.',
        }
      : {
          title: `The ${nameInstance(subject)} is master, but this machine does not have its address ${subject.address}`,
          notice: 'Users notice now: the services of this address are down.',
          evidence: ['State: master', `${subject.address} is on no interface`],
          consequence: 'No machine answers for the address: its services are down.',
        },
  'keepalived-split-brain': ({ subject, numbers: { receivedAdvertisements } }) => ({
    title: `The ${nameInstance(subject)} is master, and receives advertisements of another master`,
    notice: 'Some users notice now: they reach the wrong director.',
    evidence: [`${several(receivedAdvertisements, 'advertisement')} received since the previous reading, as master`],
    consequence: 'Split brain: both directors have the addresses, and some clients reach the wrong one.',
  }),
  'keepalived-advertisements-refused': ({ subject, details: { kinds } }) => ({
    title: `The ${nameInstance(subject)} refuses advertisements`,
    notice: 'Users notice if both directors become master.',
    evidence: kinds.map(
      ({ kind, refusedAdvertisements }) => `${count(refusedAdvertisements)} of kind ${kind} since the previous reading`,
    ),
    consequence: 'Directors that refuse the advertisements of each other both become master.',
  }),
  'keepalived-dump-unreadable': ({ subject: { daemon = '' }, numbers: { skippedLines }, details: { dump } }) => ({
    title: `Parts of the ${dump} dump of keepalived${daemon === '' ? '' : ` ${daemon}`} cannot be read`,
    notice: 'Nothing is known about what these parts say, good or bad.',
    evidence: [`${several(skippedLines, 'line')} skipped`],
    consequence: 'The values of these lines are missing, and alerts that need them do not fire.',
  }),
  'lvs-exporter-not-in-host-namespace': () => ({
    title: "This is not the host's network namespace",
    notice: 'Nothing is known about the connections of the host.',
    evidence: [`${lvsHostNetworkNamespace.name} is 0`],
    consequence:
      'Count, table and addresses are those of this namespace. Each namespace has its own limit; they share the memory. What fills the table of the host cannot be seen from here.',
  }),
  'lvs-exporter-collector-failing': ({ subject: { collector = '' }, details: { reason } }) => ({
    title: `The ${collector} collector failed, so what it reads could not be seen`,
    notice: 'Nothing is known about this part of the machine, good or bad.',
    evidence: [reason ?? `${collectorSuccess.name}{collector="${collector}"} is 0`],
    consequence: 'A fault there would not be reported.',
  }),
};

const processNotices: Readonly<Record<string, string>> = {
  vrrp: 'Users notice now if the other director does not take over.',
  checker: 'Users notice when a real server fails.',
  bfd: 'Users notice when the other director fails.',
};

/** keepalived waits up to 60 s before it starts a process again that crashed. */
const processConsequences: Readonly<Record<string, string>> = {
  vrrp: 'This director cannot be master. If every director has the same fault, no machine serves the virtual addresses.',
  checker: 'Real servers that fail stay in service: some connections go to them.',
  bfd: 'BFD sessions are down, and what tracks them.',
};

/** With what identifies it in the configuration. */
function nameInstance({ instance }: Subject): string {
  return instance
    ? `VRRP instance ${instance.name} (${instance.interface}, router ${instance.routerId})`
    : 'VRRP instance';
}
