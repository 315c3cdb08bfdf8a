import { type Destination, nameDestination } from './destinations.ts';
import type { Party, Remedy } from './finding.ts';
import { hasNotrackRule, removeOld } from './firewall-rules.ts';
import { largerTable } from './larger-table.ts';
import { ownerOf } from './machine.ts';
import { hasPort, notrackByIptables, notrackByNft } from './notrack.ts';
import type { Readings } from './readings.ts';
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
  ].filter((remedy) => remedy !== undefined);
}

/** A client that goes on after its first packet was answered, on a way that does not lead through this machine. */
function lookAtPackets(destination: Destination, by: Party): Remedy {
  const { protocol, address, port, netns } = destination;
  const packets = /^\d+$/.test(protocol) ? `proto ${protocol}` : protocol;
  const filter = `dst host ${address} and ${packets}${hasPort(destination) ? ` dst port ${port}` : ''}`;
  return {
    title: `Look at what is sent to ${nameDestination(destination)}: more than a first packet of each client means that it is answered`,
    by,
    commands: [inNamespace(netns, `timeout 10 tcpdump -n -i any -c 40 '${filter}'`)],
    tradeOff: 'It only looks.',
    undo: [],
  };
}
