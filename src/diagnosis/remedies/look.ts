import { conntrackZonePorts } from '../../collectors/openstack-metrics.ts';
import { sum } from '../../flows/arithmetic.ts';
import { nameDestination } from '../../readings/destinations.ts';
import { listSources } from '../../readings/holders.ts';
import type { Readings } from '../../readings/readings.ts';
import { keepalivedJournal } from '../commands/journal.ts';
import { commandInNamespace, quoteShell } from '../commands/shell.ts';
import { hasPort, type Target, targetOf } from '../commands/target.ts';
import type { AnyFound } from '../finding.ts';
import { ownerOf } from '../owner.ts';
import { onlyLooks, type Plan, type RemedyKind } from '../remedy.ts';
import { isTunnel } from './firewall/notrack-tunnels.ts';

/**
 * A client that goes on after its first packet was answered, on a way that does not lead through this machine. A tunnel
 * has no replies to wait for.
 */
export const lookAtPackets: RemedyKind = {
  docs: 'look-at-packets',
  effect: 'look',
  preconditions: ['not-exempt-yet'],
  plan: (readings, found) => {
    const target = targetOf(found);
    if (target === undefined || isTunnel(target)) return undefined;
    if (found.id === 'conntrack-answered-syn-flood') return lookForLostReplies(readings, found, target);
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: `Show what clients send to ${nameDestination(target)}. If a client sends more than its first packet, the service replies`,
      commands: [showPackets(target, 40)],
      verify: ['lvs-exporter diagnose'],
    };
  },
};

/** Forged addresses differ each time. A handful of clients that try again and again do not get the replies. */
function lookForLostReplies(readings: Readings, { numbers }: AnyFound, target: Target): Plan | undefined {
  const { address, port, protocol, netns } = target;
  const entries = 'presentEntries' in numbers ? (numbers.presentEntries ?? 0) : 0;
  if (!hasFewClients(readings, entries)) return undefined;
  const filter = `host ${address} and ${protocol} port ${port}`;
  return {
    ...onlyLooks,
    owner: ownerOf(readings),
    title: `A few clients try again and again, so the replies of ${nameDestination(target)} are lost after this host: show where they leave`,
    commands: [commandInNamespace(netns, `timeout 10 tcpdump -n -e -i any -c 40 '${filter}'`)],
    verify: ['lvs-exporter diagnose'],
  };
}

const fewClients = 10;

/** Ten of them hold half of the entries. */
function hasFewClients(readings: Readings, entries: number): boolean {
  const largest = listSources(readings).slice(0, fewClients);
  return sum(largest.map((one) => one.entries)) >= entries / 2;
}

/** On a compute node of OpenStack: a zone of several ports, or of none, does not identify the owner; the device that a packet goes through does. */
export const findPort: RemedyKind = {
  docs: 'look-at-packets',
  effect: 'look',
  preconditions: [],
  plan: (readings, found) => {
    const target = targetOf(found);
    const isComputeNode = readings.all(conntrackZonePorts).some(({ value }) => value > 0);
    if (target === undefined || !isComputeNode || found.subject.owner !== undefined) return undefined;
    return {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: `Show which tap device the packets to ${nameDestination(target)} pass through: its name is that of the port`,
      commands: [showPackets(target, 8)],
      verify: ['lvs-exporter diagnose'],
    };
  },
};

export const lookAtZoneLimits: RemedyKind = {
  docs: 'a-limit-for-each-zone',
  effect: 'look',
  preconditions: [],
  plan: (readings) => ({
    ...onlyLooks,
    owner: ownerOf(readings),
    title: 'Show the limits and entries of each zone, and raise the limit if the load is intended',
    commands: ['ovs-appctl dpctl/ct-get-limits'],
    verify: ['lvs-exporter diagnose'],
  }),
};

function showPackets(target: Target, packets: number): string {
  const { protocol, address, port, netns } = target;
  const kind = /^\d+$/.test(protocol) ? `proto ${protocol}` : protocol;
  const filter = `dst host ${address} and ${kind}${hasPort(target) ? ` dst port ${port}` : ''}`;
  return commandInNamespace(netns, `timeout 10 tcpdump -n -i any -c ${packets} '${filter}'`);
}

export const lookAtInstance: RemedyKind = {
  docs: 'look-at-keepalived',
  effect: 'look',
  preconditions: [],
  plan: (readings, { subject: { instance } }) =>
    instance && {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: 'Show the interface, and what keepalived logged about it',
      commands: [`ip -d link show dev ${quoteShell(instance.interface)}`, `${keepalivedJournal} -n 50 --no-pager`],
      verify: ['lvs-exporter diagnose'],
    },
};

export const readLog: RemedyKind = {
  docs: 'see-everything',
  effect: 'look',
  preconditions: [],
  plan: (readings, found) =>
    found.id !== 'lvs-exporter-collector-failing'
      ? undefined
      : {
          ...onlyLooks,
          owner: ownerOf(readings),
          title: found.details.hint ?? 'Read the log for the reason',
          commands: ['journalctl -u lvs-exporter -n 50 --no-pager'],
          verify: ['lvs-exporter diagnose'],
        },
};

export const recordDumps: RemedyKind = {
  docs: 'see-everything',
  effect: 'look',
  preconditions: [],
  plan: (readings) => ({
    ...onlyLooks,
    owner: ownerOf(readings),
    title: 'Update lvs-exporter, or report this version of keepalived with a recording',
    commands: ['keepalived --version', 'lvs-exporter record keepalived-dumps'],
    verify: ['lvs-exporter diagnose'],
  }),
};

export const readNamespace: RemedyKind = {
  docs: 'see-everything',
  effect: 'look',
  preconditions: [],
  plan: (readings, { subject: { namespace = '' } }) => ({
    ...onlyLooks,
    owner: ownerOf(readings),
    title: 'Read the table of this network namespace too, as root',
    commands: [`lvs-exporter diagnose --collector.conntrack.netns=${quoteShell(namespace)}`],
    verify: ['lvs-exporter diagnose'],
  }),
};

export const runInHostNamespace: RemedyKind = {
  docs: 'see-everything',
  effect: 'look',
  preconditions: [],
  plan: () => ({
    ...onlyLooks,
    owner: 'operator',
    title: "Run lvs-exporter in the host's network namespace (container: with the network of the host)",
    commands: ['nsenter --target 1 --net lvs-exporter diagnose'],
    verify: ['readlink /proc/self/ns/net /proc/1/ns/net'],
  }),
};
