import { destinationStateEntries } from '../../../collectors/conntrack-table/metrics.ts';
import {
  networkListenOverflowsTotal,
  networkSynCookiesReceivedTotal,
  networkSynCookiesSentTotal,
} from '../../../collectors/network/metrics.ts';
import { prerequisitesOwnAddressInfo } from '../../../collectors/prerequisites/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import { type Destination, listDestinations } from '../../../readings/destinations.ts';
import { listSources, type Source } from '../../../readings/holders.ts';
import { readLocalPorts } from '../../../readings/network/local-ports.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { AnyFound } from '../../finding.ts';
import { destinationSubject } from '../../subjects.ts';

/** What fails at programs of this host itself, while the table has room. */
export function ownServices(readings: Readings): AnyFound[] {
  return [...listenQueues(readings), ...synCookies(readings), ...localPorts(readings)];
}

function listenQueues(readings: Readings): AnyFound[] {
  const refusedPerSecond = readings.perSecond(networkListenOverflowsTotal) ?? 0;
  if (refusedPerSecond < thresholds.listenQueue.perSecond) return [];
  const refusedConnections = readings.rise(networkListenOverflowsTotal) ?? 0;
  const numbers = { refusedConnections, refusedPerSecond };
  return [{ id: 'listen-queue-full', severity: 'critical', subject: {}, numbers, details: {} }];
}

/** They work: clients are served. What sends so many attempts, or a queue that is too short, is worth a look. */
function synCookies(readings: Readings): AnyFound[] {
  const sentPerSecond = readings.perSecond(networkSynCookiesSentTotal) ?? 0;
  if (sentPerSecond < thresholds.listenQueue.perSecond) return [];
  const sentPackets = readings.rise(networkSynCookiesSentTotal) ?? 0;
  const completedConnections = readings.rise(networkSynCookiesReceivedTotal) ?? 0;
  const numbers = { sentPackets, sentPerSecond, completedConnections };
  return [{ id: 'syn-cookies-sent', severity: 'warning', subject: {}, numbers, details: {} }];
}

/** From this part of the ports on, the kernel searches for long and finds none at last. */
const usedUp = 0.9;
/** A program with one server has few other destinations: a name server, a server of logs. */
const fewDestinations = 4;

/** Ports of one address of this host for one destination. Connections that have ended leave theirs to the next one. */
function localPorts(readings: Readings): AnyFound[] {
  const ports = readLocalPorts(readings)?.count;
  if (ports === undefined) return [];
  const isOwn = (address: string) => readings.is(prerequisitesOwnAddressInfo, { address });
  const own = listSources(readings).filter((one) => isOwn(one.address) && one.destinations <= fewDestinations);
  const full = listDestinations(readings).filter(
    (one) => !isOwn(one.address) && own.some((source) => isOf(source, one)),
  );
  return full.flatMap((destination): AnyFound[] => {
    const openConnections = countOpen(readings, destination);
    if (openConnections < usedUp * ports) return [];
    const numbers = { openConnections, localPorts: ports };
    return [
      {
        id: 'local-ports-used-up',
        severity: 'critical',
        subject: destinationSubject(destination),
        numbers,
        details: {},
      },
    ];
  });
}

/** Whether nearly all flows to a destination can be those of a source. */
function isOf(source: Source, { entries }: Destination): boolean {
  return source.entries >= usedUp * entries;
}

function countOpen(readings: Readings, { protocol, address, port, zone }: Destination): number {
  const open = readings.all(destinationStateEntries, { protocol, address, port, zone, state: 'ESTABLISHED' });
  return sum(open.map(({ value }) => value));
}
