import { ipvsRealServerTraffic, ipvsRealServerWeight } from '../../../collectors/ipvs/metrics.ts';
import { findSilentNeighbour } from '../../../readings/network/silent-neighbours.ts';
import type { Readings } from '../../../readings/readings.ts';
import { isPast } from '../../../readings/upstream-demand.ts';
import type { Found } from '../../finding.ts';
import { realServerSubject } from '../../subjects.ts';

/** Fewer connections are no evidence. */
const fewConnections = 20;
/** A client without an answer repeats its first packet after 1, 3 and 7 s; one of a forged address never does. */
const repeated = 1.5;
/** Of one connection of Linux, with tcp_syn_retries = 6. More are packets that go round. */
const mostAttempts = 7;
/** Bytes of a SYN: of Linux, with its options, and of other systems. */
const attemptBytes: ReadonlySet<number> = new Set([48, 52, 60, 64]);

/**
 * Real servers whose replies bypass this host: it sees only what clients send. Packets after the first have other lengths, so
 * that packets whose mean is the length of a SYN are all SYNs, unless clients that are all alike send a round number each.
 */
export function repeatedAttempts(readings: Readings): Found<'ipvs-attempts-repeated'>[] {
  const servers = readings.all(ipvsRealServerWeight, { protocol: 'tcp' }).filter(isPast);
  return servers.flatMap(({ labels }): Found<'ipvs-attempts-repeated'>[] => {
    const [newConnections, receivedPackets, receivedBytes, returnedPackets] = (
      ['connections', 'incomingPackets', 'incomingBytes', 'outgoingPackets'] as const
    ).map((counter) => readings.rise(ipvsRealServerTraffic[counter], labels) ?? 0) as [number, number, number, number];
    if (newConnections < fewConnections || receivedPackets < repeated * newConnections) return [];
    const packetBytes = receivedBytes / receivedPackets;
    const each = receivedPackets / newConnections;
    if (!attemptBytes.has(packetBytes) || (Number.isInteger(each) && each <= mostAttempts)) return [];
    if (findSilentNeighbour(readings, labels.real_address ?? '') !== undefined) return [];
    const numbers = { newConnections, receivedPackets, packetBytes, returnedPackets };
    const subject = realServerSubject(labels);
    return [{ id: 'ipvs-attempts-repeated', severity: 'critical', subject, numbers, details: {} }];
  });
}
