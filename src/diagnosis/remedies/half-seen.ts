import { conntrackZonePorts } from '../../collectors/openstack-metrics.ts';
import { type Destination, nameDestination } from '../../readings/destinations.ts';
import { ownerOf } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import type { Party, Remedy } from '../finding.ts';
import { hasNotrackRule, removeOld } from '../rules/firewall-rules.ts';
import { largerTable } from './larger-table.ts';
import { hasPort, notrackByIptables, notrackByNft } from './notrack.ts';
import { inNamespace } from './shell.ts';
import { shorterTimers, timersByNft } from './timers.ts';

/** What keeps a destination's half-seen flows from filling the table: the cure first, then what buys time. */
export function halfSeenRemedies(readings: Readings, destination: Destination): Remedy[] {
  const by = ownerOf(readings);
  if (hasNotrackRule(readings, destination)) return [removeOld(destination, by)];
  return [
    destination.verdict === 'unanswered' ? lookAtPackets(destination, by) : undefined,
    notrackByIptables(destination, by),
    notrackByNft(destination, by),
    timersByNft(destination, by),
    shorterTimers(readings, destination, by),
    largerTable(readings),
    isOnUnknownPort(readings, destination) ? findPort(destination, by) : undefined,
  ].filter((remedy) => remedy !== undefined);
}

/** A client that goes on after its first packet was answered, on a way that does not lead through this machine. */
function lookAtPackets(destination: Destination, by: Party): Remedy {
  return {
    title: `Look at what is sent to ${nameDestination(destination)}: more than a first packet of each client means that it is answered`,
    by,
    commands: [showPackets(destination, 40)],
    tradeOff: 'It only looks.',
    undo: [],
  };
}

/** On a compute node of OpenStack, a destination of which nobody knows through which port its packets go. */
function isOnUnknownPort(readings: Readings, { owner }: Destination): boolean {
  return owner === undefined && readings.all(conntrackZonePorts).some(({ value }) => value > 0);
}

/** A zone of several ports, or of none, does not tell; the device that a packet goes through does. */
function findPort(destination: Destination, by: Party): Remedy {
  return {
    title: `Look through which tap the packets to ${nameDestination(destination)} go: it is named after its port`,
    by,
    commands: [showPackets(destination, 8)],
    tradeOff: 'It only looks.',
    undo: [],
  };
}

function showPackets(destination: Destination, packets: number): string {
  const { protocol, address, port, netns } = destination;
  const kind = /^\d+$/.test(protocol) ? `proto ${protocol}` : protocol;
  const filter = `dst host ${address} and ${kind}${hasPort(destination) ? ` dst port ${port}` : ''}`;
  return inNamespace(netns, `timeout 10 tcpdump -n -i any -c ${packets} '${filter}'`);
}
