import { lvsHostNetworkNamespace } from '../../collectors/platform/metrics.ts';
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
  | 'keepalived-advertisements-blocked'
  | 'keepalived-never-heard-another'
  | 'keepalived-peer-unreachable'
  | 'keepalived-advertisements-refused'
  | 'keepalived-dump-unreadable'
  | 'lvs-exporter-not-in-host-namespace'
  | 'lvs-exporter-collector-failing';

/** keepalived, which decides which director serves, and what the exporter cannot see. */
export const keepalivedWording: Wording<KeepalivedFinding> = {
  'keepalived-down': ({ subject: { daemon = '' }, details: { instances } }) => ({
    title: `keepalived${daemon === '' ? '' : ` ${daemon}`} is not running, so this machine cannot take over`,
    notice: 'Users notice when the other director fails.',
    evidence: [`Last known with ${several(instances.length, 'VRRP instance')}: ${instances.join(', ')}`],
    consequence:
      'If the other director fails, no machine serves the virtual addresses. Real servers that fail stay in service.',
  }),
  'keepalived-process-down': ({ subject: { daemon = '' }, numbers, details: { process, isUp, instances } }) => ({
    title: `The ${process} process of keepalived${daemon === '' ? '' : ` ${daemon}`} ${isUp ? 'was restarted' : 'is not running'}`,
    notice: processNotices[process] ?? '',
    evidence: [
      ...(numbers.recentRestarts > 0
        ? [`${several(numbers.recentRestarts, 'restart')} since the previous reading`]
        : []),
      `At least ${several(numbers.knownRestarts, 'restart')} since keepalived started`,
      ...(instances.length > 0 ? [`Runs ${several(instances.length, 'VRRP instance')}: ${instances.join(', ')}`] : []),
    ],
    consequence: processConsequences[process] ?? '',
  }),
  'vrrp-fault': ({ subject, details: { causes } }) => ({
    title: `The ${nameInstance(subject)} is in state FAULT`,
    notice: 'Users notice when the other director fails.',
    evidence: ['State: fault', ...causes.map(({ reason, cause }) => faultReasons[reason]?.(cause) ?? reason)],
    consequence: 'It cannot become master: if the other director fails, no machine serves its addresses.',
  }),
  'keepalived-address-misplaced': ({ subject, details: { state, isBound } }) =>
    isBound
      ? {
          title: `The ${nameInstance(subject)} is in state ${state}, but this machine has its address ${subject.address}`,
          notice: 'Some users notice now: they reach the wrong machine.',
          evidence: [`State: ${state}`, `${subject.address} is on ${subject.instance?.interface}`],
          consequence: 'Two machines may answer for the address: some clients reach the wrong one.',
        }
      : {
          title: `The ${nameInstance(subject)} is master, but this machine does not have its address ${subject.address}`,
          notice: 'Users notice now: the services of this address are down.',
          evidence: ['State: master', `${subject.address} is on no interface`],
          consequence: 'No machine answers for the address: its services are down.',
        },
  'keepalived-split-brain': ({ subject, numbers: { receivedAdvertisements } }) => ({
    title: `The ${nameInstance(subject)} is master, but receives advertisements from another master`,
    notice: 'Some users notice now: they reach the wrong director.',
    evidence: [`${several(receivedAdvertisements, 'advertisement')} received as master since the previous reading`],
    consequence: 'Split brain: both directors have the addresses, and some clients reach the wrong one.',
  }),
  'keepalived-advertisements-blocked': ({ subject, details: { dropping } }) => ({
    title: `The firewall drops the advertisements of VRRP, and the ${nameInstance(subject)} hears no other router`,
    notice: 'Users notice now if both directors are master: some reach the wrong one.',
    evidence: dropping.map(({ chain, tool }) => `${tool}: the chain "${chain}" drops protocol 112`),
    consequence: 'A director that hears no advertisement becomes master, although the other one is.',
  }),
  'keepalived-never-heard-another': ({ subject, numbers: { sentAdvertisements }, details: { peers } }) => ({
    title: `The ${nameInstance(subject)} is master, and has never heard another router with this number`,
    notice: 'Users notice nothing if the other director is a backup.',
    evidence: [
      `${count(sentAdvertisements)} advertisements sent since keepalived started, 0 received`,
      ...(peers.length > 0 ? [`Unicast ${peers.length === 1 ? 'peer' : 'peers'}: ${peers.join(', ')}`] : []),
    ],
    consequence:
      'A backup is silent, so this is normal if this director started first. If the other one is master as well, their advertisements do not reach each other: look there.',
  }),
  'keepalived-peer-unreachable': ({ subject, details: { peers } }) => ({
    title: `The ${nameInstance(subject)} is master, and its advertisements do not reach ${peers.length === 1 ? 'its unicast peer' : 'its unicast peers'}`,
    notice: 'Users notice now if the peer is master as well: some reach the wrong director.',
    evidence: peers.map(
      (peer) =>
        `${peer} does not answer ${peer.includes(':') ? 'neighbour discovery' : 'ARP'}, or no route leads to it`,
    ),
    consequence:
      'A peer that runs hears no advertisement and becomes master too. If it does not run, no director takes over from this one.',
  }),
  'keepalived-advertisements-refused': ({ subject, details: { kinds } }) => ({
    title: `The ${nameInstance(subject)} refuses advertisements from another director`,
    notice: 'Users notice if both directors become master.',
    evidence: kinds.map(
      ({ kind, refusedAdvertisements }) => `${count(refusedAdvertisements)} of kind ${kind} since the previous reading`,
    ),
    consequence: "Directors that refuse each other's advertisements both become master (split brain).",
  }),
  'keepalived-dump-unreadable': ({ subject: { daemon = '' }, numbers: { skippedLines }, details: { dump } }) => ({
    title: `Parts of the ${dump} dump of keepalived${daemon === '' ? '' : ` ${daemon}`} cannot be read`,
    notice: 'Problems that these parts would show are not detected.',
    evidence: [`${several(skippedLines, 'line')} skipped`],
    consequence: 'The values of these lines are missing, and alerts that need them do not fire.',
  }),
  'lvs-exporter-not-in-host-namespace': () => ({
    title: "This program does not run in the host's network namespace",
    notice: 'Problems with the connections of the host are not detected.',
    evidence: [`${lvsHostNetworkNamespace.name} is 0`],
    consequence:
      'Counters, table and addresses are those of this namespace. Each namespace has its own table. To see that of the host, run the program in the network namespace of the host.',
  }),
  'lvs-exporter-collector-failing': ({ subject: { collector = '' }, details: { reason, denied } }) =>
    denied === undefined
      ? {
          title: `The ${collector} collector failed, so its part of this machine was not checked`,
          notice: 'Problems in this part of the machine are not detected.',
          evidence: [reason ?? `${collectorSuccess.name}{collector="${collector}"} is 0`],
          consequence: 'Its metrics are missing, and alerts that need them do not fire.',
        }
      : {
          title: `Permission denied: parts of this machine were not checked (${denied.map((one) => one.collector).join(', ')})`,
          notice: 'Problems in these parts of the machine are not detected.',
          evidence: denied.map((one) => `${one.collector}: ${one.reason}`),
          consequence: 'A part that was not checked is not known to be healthy.',
        },
};

const faultReasons: Readonly<Record<string, (cause: string) => string>> = {
  script: (script) => `The script ${script} that it tracks fails`,
  file: (file) => `The file ${file} that it tracks holds another number than 0`,
  process: (process) => `Too few or too many processes run of ${process}, which it tracks`,
  bfd: (session) => `The BFD session ${session} that it tracks is down`,
  sync_group: (group) => `Another instance of its sync group ${group} is in state FAULT`,
  interface_down: () => 'An interface that it needs is down',
  base_interface_down: () => 'The interface below its VMAC is down',
  duplicate_vrid: () => 'Another instance of this machine has its VRID on the same interface',
  no_source_address: () => 'Its interface does not have the source address of its advertisements',
  configuration: () => 'keepalived found an error in its configuration',
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
  bfd: 'BFD sessions are down, and so is every VRRP instance or real server that tracks one.',
};

/** With what identifies it in the configuration. */
function nameInstance({ instance }: Subject): string {
  return instance
    ? `VRRP instance ${instance.name} (${instance.interface}, VRID ${instance.routerId})`
    : 'VRRP instance';
}
