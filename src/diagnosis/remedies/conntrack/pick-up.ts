import { conntrackSetting } from '../../../collectors/conntrack-metrics.ts';
import { destinationStateEntries } from '../../../collectors/conntrack-table/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { sysctlPlan } from '../../commands/sysctl.ts';
import type { AnyFound } from '../../finding.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type Plan, type RemedyKind } from '../../remedy.ts';

const setting = 'net.netfilter.nf_conntrack_tcp_loose';

/** Packets of open connections that the table does not have begin an entry, as they do by default. */
export const pickUpConnections: RemedyKind = {
  docs: 'connections-in-the-middle',
  effect: 'cure',
  preconditions: ['sysctl-writable', 'no-synproxy'],
  plan: (readings) =>
    setLoose(readings, 1, {
      title: 'Track open connections from their next packet on, so that they go on',
      tradeOff:
        'Not for connections that NAT translates: their translation is lost with their entries. A flood of ACKs takes entries of the table.',
    }),
};

/** Of a flood of ACKs, each one begins an entry for five minutes. */
export const noPickUp: RemedyKind = {
  docs: 'connections-in-the-middle',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) =>
    found.id === 'synproxy-picks-up' || beginsWithAcks(readings, found)
      ? setLoose(readings, 0, {
          title: 'Do not begin entries for packets in the middle of a connection',
          tradeOff:
            'Packets of open connections that the table does not have, now or after a failover or a flush, are INVALID: where the firewall drops INVALID packets or sends them to SYNPROXY, these connections hang. Present entries stay until they expire.',
        })
      : undefined,
};

function setLoose(readings: Readings, to: 0 | 1, words: Pick<Plan, 'title' | 'tradeOff'>): Plan | undefined {
  const from = readings.value(conntrackSetting, { name: 'tcp_loose' });
  if (from === undefined || (from === 0) === (to === 0)) return undefined;
  return {
    owner: ownerOf(readings),
    ...words,
    ...sysctlPlan(readings, [{ setting, from, to }], readings.netns),
    verify: [commandInNamespace(readings.netns, 'conntrack -S'), commandInNamespace(readings.netns, 'conntrack -C')],
  };
}

/** Half of the unreplied entries of a destination are open connections that nothing opened. */
function beginsWithAcks(readings: Readings, { numbers, subject: { destination } }: AnyFound): boolean {
  if (destination === undefined || !('unrepliedEntries' in numbers)) return false;
  const open = readings.value(destinationStateEntries, { ...destination, state: 'ESTABLISHED' }) ?? 0;
  const { unrepliedEntries = 0 } = numbers;
  return unrepliedEntries > 0 && open >= unrepliedEntries / 2;
}

/** What passes in one direction only shows as SYN-ACKs without a SYN, or as ACKs of one side. */
export const lookAtInvalid: RemedyKind = {
  docs: 'connections-in-the-middle',
  effect: 'look',
  preconditions: [],
  plan: (readings) => ({
    ...onlyLooks,
    owner: ownerOf(readings),
    title:
      'Show in which direction connections begin: a SYN-ACK [S.] without its SYN [S] belongs to a connection whose requests take another way',
    commands: [
      commandInNamespace(
        readings.netns,
        "timeout 10 tcpdump -n -e -i any -c 60 'tcp[tcpflags] & (tcp-syn|tcp-rst) != 0'",
      ),
    ],
    verify: ['lvs-exporter diagnose'],
  }),
};
