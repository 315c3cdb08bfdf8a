import { ipvsRealServerWeight, ipvsVirtualServerTraffic } from '../../collectors/ipvs/metrics.ts';
import { count } from '../../readings/format.ts';
import type { Readings } from '../../readings/readings.ts';
import { isPast } from '../../readings/upstream-demand.ts';
import { identityOf, nameVirtualServer } from '../../readings/virtual-servers.ts';
import type { Sample } from '../../scrape/metric.ts';
import type { Finding, Remedy } from '../finding.ts';
import { notrackBefore } from '../remedies/notrack.ts';

/** Too few connections say nothing. */
const fewConnections = 20;
/** A connection that works has five packets of its client and more. */
const fewPackets = 1.5;

/**
 * A firewall before the director that drops INVALID packets lets the first packet of each connection through and no
 * other. Here it shows as connections of a single packet.
 */
export function onlyFirstPackets(readings: Readings): Finding[] {
  const services = readings.all(ipvsVirtualServerTraffic.connections, { protocol: 'tcp' });
  return services.flatMap(({ labels }) => {
    const identity = identityOf(labels);
    const connections = readings.rise(ipvsVirtualServerTraffic.connections, identity) ?? 0;
    const packets = readings.rise(ipvsVirtualServerTraffic.incomingPackets, identity) ?? 0;
    const isStuck = connections >= fewConnections && packets < fewPackets * connections;
    return isStuck && isAnsweredPast(readings, identity) ? [describe(identity, connections, packets)] : [];
  });
}

function isAnsweredPast(readings: Readings, identity: Sample['labels']): boolean {
  return readings.all(ipvsRealServerWeight, identity).some(isPast);
}

function describe(identity: Sample['labels'], connections: number, packets: number): Finding {
  const name = nameVirtualServer(identity);
  return {
    id: 'first-packets-only',
    subject: name,
    urgency: 'critical',
    title: `Connections to ${name} get no further than their first packet`,
    evidence: [`${count(packets)} packets of ${count(connections)} connections since the reading before`],
    consequence:
      'Clients cannot connect: a firewall before this director drops what it takes for INVALID, which is all of direct return but the first packet. Or it is a SYN flood.',
    remedies: [notrackBefore(identity), letInvalidThroughOvn],
    runbook: 'ConntrackAsymmetricFlows',
  };
}

const letInvalidThroughOvn: Remedy = {
  title: 'Where the cloud uses OVN: let INVALID packets through',
  by: 'operator',
  commands: ['ovn-nbctl set NB_Global . options:use_ct_inv_match=false'],
  tradeOff: 'For every port of the cloud. The half-seen flows then fill the table of the host.',
  undo: ['ovn-nbctl remove NB_Global . options use_ct_inv_match'],
};
