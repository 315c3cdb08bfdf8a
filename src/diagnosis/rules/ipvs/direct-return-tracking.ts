import { ipvsRealServerWeight, ipvsSetting, ipvsVirtualServerRealServers } from '../../../collectors/ipvs/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { type Destination, listDestinations } from '../../../readings/destinations.ts';
import { hasContainers } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import { isPast } from '../../../readings/upstream-demand.ts';
import type { AnyFound } from '../../finding.ts';
import { destinationSubject } from '../../subjects.ts';

/** A director need not track what it forwards: IPVS exempts it, unless net.ipv4.vs.conntrack is set. */
export function directorTracks(readings: Readings): AnyFound[] {
  const setting = readings.value(ipvsSetting, { name: 'conntrack' });
  const tracked = listDestinations(readings).filter((destination) => isVirtualServer(readings, destination));
  const trackedEntries = sum(tracked.map(({ entries }) => entries));
  const servers = readings.all(ipvsRealServerWeight);
  // NAT of masqueraded connections needs them tracked, and a platform of containers masquerades.
  if (setting === 1 && servers.length > 0 && servers.every(isPast) && !hasContainers(readings)) {
    return [{ id: 'ipvs-conntrack-on', severity: 'info', subject: {}, numbers: { trackedEntries }, details: {} }];
  }
  return setting === 0 && trackedEntries >= fewEntries ? [tracksAnyway(tracked, trackedEntries)] : [];
}

/** Less may be left of a time before a service existed. */
const fewEntries = 100;

function isVirtualServer(readings: Readings, { protocol, address, port }: Destination): boolean {
  return readings.all(ipvsVirtualServerRealServers, { protocol, address, port }).length > 0;
}

function tracksAnyway(tracked: readonly Destination[], trackedEntries: number): AnyFound {
  const [largest] = tracked;
  return {
    id: 'director-tracks-flows',
    severity: 'warning',
    subject: largest === undefined ? {} : destinationSubject(largest),
    numbers: { trackedEntries },
    details: {
      destinations: tracked.map((one) => ({ subject: destinationSubject(one), trackedEntries: one.entries })),
    },
  };
}
