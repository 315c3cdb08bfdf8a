import { conntrackEntries } from '../../../collectors/conntrack-metrics.ts';
import { tableEntries } from '../../../collectors/conntrack-table/metrics.ts';
import { ipvsRealServerTraffic, ipvsRealServerWeight } from '../../../collectors/ipvs/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { type Destination, listDestinations } from '../../../readings/destinations.ts';
import { findSilentGateway, findSilentNeighbour } from '../../../readings/network/silent-neighbours.ts';
import type { Readings } from '../../../readings/readings.ts';
import { readTable, severityOf } from '../../../readings/table.ts';
import type { Sample } from '../../../scrape/metric.ts';
import type { Found } from '../../finding.ts';
import { destinationSubject, realServerSubject } from '../../subjects.ts';
import { mainCulprit } from '../conntrack/culprits.ts';

type FoundNeighbour = Found<'neighbour-silent'>;

/** Addresses that packets are sent to now, and that do not answer ARP. Scanners leave many: only those count that matter. */
export function silentNeighbours(readings: Readings): FoundNeighbour[] {
  return [...silentGateway(readings), ...silentRealServers(readings), ...silentDestinations(readings)];
}

/** An unused gateway may be silent for years: fewer entries without a reply, of all, are no evidence that users need it. */
const fewEntries = 20;
const fewOfAll = 0.3;

/** Empty where what is without a reply has another reason. */
export function silentGateway(readings: Readings): FoundNeighbour[] {
  const gateway = findSilentGateway(readings);
  const unrepliedEntries =
    sum(readings.all(tableEntries, { replied: 'no' }).map(({ value }) => value)) - countBypassing(readings);
  const least = Math.max(fewEntries, fewOfAll * (readings.value(conntrackEntries) ?? 0));
  if (gateway === undefined || unrepliedEntries < least) return [];
  const details = { role: 'gateway' } as const;
  return [
    { id: 'neighbour-silent', severity: 'critical', subject: { ...gateway }, numbers: { unrepliedEntries }, details },
  ];
}

/** Entries without a reply because the reply takes another way: their users are served. */
function countBypassing(readings: Readings): number {
  const bypassing = listDestinations(readings).filter(({ verdict }) => verdict === 'direct_return');
  return sum(bypassing.map(({ unreplied }) => unreplied));
}

function silentRealServers(readings: Readings): FoundNeighbour[] {
  return readings.all(ipvsRealServerWeight).flatMap(({ labels, value }): FoundNeighbour[] => {
    const neighbour = findSilentNeighbour(readings, labels.real_address ?? '');
    const lostPackets = readings.rise(ipvsRealServerTraffic.incomingPackets, labels) ?? 0;
    if (neighbour === undefined || value === 0 || lostPackets === 0 || hasReplied(readings, labels)) return [];
    const subject = { ...realServerSubject(labels), interface: neighbour.interface };
    const details = { role: 'real server' } as const;
    return [{ id: 'neighbour-silent', severity: 'critical', subject, numbers: { lostPackets }, details }];
  });
}

/** Only replies of a masqueraded one pass this host. */
function hasReplied(readings: Readings, labels: Sample['labels']): boolean {
  return labels.forward === 'masquerade' && (readings.rise(ipvsRealServerTraffic.outgoingPackets, labels) ?? 0) > 0;
}

function silentDestinations(readings: Readings): FoundNeighbour[] {
  const table = readTable(readings);
  const blamed = mainCulprit(readings);
  return listDestinations(readings).flatMap((destination): FoundNeighbour[] => {
    const neighbour = findSilentNeighbour(readings, destination.address, destination.zone);
    if (neighbour === undefined || !isUnanswered(destination)) return [];
    const isBlamed = blamed?.address === destination.address && blamed.port === destination.port;
    return [
      {
        id: 'neighbour-silent',
        severity: (isBlamed && table && severityOf(table)) || 'warning',
        subject: { ...destinationSubject(destination), interface: neighbour.interface },
        numbers: { unrepliedEntries: destination.unreplied },
        details: { role: 'destination' },
      },
    ];
  });
}

/** Only such a destination is lost: an entry of a neighbour that went away stays silent until it is used again. */
export function isUnanswered({ verdict }: Pick<Destination, 'verdict'>): boolean {
  return verdict === 'unanswered';
}
