import { ipvsRealServerWeight, ipvsVirtualServerTraffic } from '../../../collectors/ipvs/metrics.ts';
import { identityOf } from '../../../identity/virtual-server.ts';
import type { Readings } from '../../../readings/readings.ts';
import { isPast } from '../../../readings/upstream-demand.ts';
import type { Found } from '../../finding.ts';
import { serviceSubject } from '../../subjects.ts';

/** Fewer connections are no evidence. */
const fewConnections = 20;
/** A connection that works has five packets of its client and more. */
const fewPackets = 1.5;

/**
 * A firewall before the director that drops INVALID packets lets the first packet of each connection through and no
 * other. Here it shows as connections of a single packet.
 */
export function onlyFirstPackets(readings: Readings): Found<'first-packets-only'>[] {
  const services = readings.all(ipvsVirtualServerTraffic.connections, { protocol: 'tcp' });
  return services.flatMap(({ labels }): Found<'first-packets-only'>[] => {
    const identity = identityOf(labels);
    const newConnections = readings.rise(ipvsVirtualServerTraffic.connections, identity) ?? 0;
    const receivedPackets = readings.rise(ipvsVirtualServerTraffic.incomingPackets, identity) ?? 0;
    const isStuck = newConnections >= fewConnections && receivedPackets < fewPackets * newConnections;
    if (!isStuck || !readings.all(ipvsRealServerWeight, identity).some(isPast)) return [];
    const numbers = { receivedPackets, newConnections };
    return [{ id: 'first-packets-only', severity: 'critical', subject: serviceSubject(labels), numbers, details: {} }];
  });
}
