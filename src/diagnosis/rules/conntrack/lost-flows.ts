import {
  conntrackDropTotal,
  conntrackInsertFailedTotal,
  conntrackInvalidTotal,
  conntrackSetting,
} from '../../../collectors/conntrack-metrics.ts';
import { destinationTranslated } from '../../../collectors/conntrack-table/metrics.ts';
import { firewallOneWayZonesInfo } from '../../../collectors/firewall/metrics.ts';
import { hasNoPorts } from '../../../identity/protocol.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import { type Destination, listDestinations } from '../../../readings/destinations.ts';
import { known } from '../../../readings/known.ts';
import { isUsedUp, listSourceNatRules } from '../../../readings/network/source-nat.ts';
import type { Readings } from '../../../readings/readings.ts';
import { isTableFull, readTable } from '../../../readings/table.ts';
import type { AnyFound } from '../../finding.ts';
import { destinationSubject, namespaceOf } from '../../subjects.ts';

/** Connections that connection tracking loses while its table has room. */
export function lostFlows(readings: Readings): AnyFound[] {
  return [...insertFailing(readings), ...invalidResets(readings)];
}

/** Seconds between two readings that do not record it. */
const usualSeconds = 10;

/** Two flows were given the same ports by NAT, or two packets of one flow raced each other. */
function insertFailing(readings: Readings): AnyFound[] {
  const table = readTable(readings);
  const lostFlows = readings.rise(conntrackInsertFailedTotal) ?? 0;
  const lostPerSecond = readings.perSecond(conntrackInsertFailedTotal) ?? lostFlows / usualSeconds;
  const { warning, critical } = thresholds.conntrackInsertFailed;
  if (table === undefined || isTableFull(table) || lostPerSecond <= warning) return [];
  const most = maxTranslated(readings);
  const withoutPorts = isOutOfPorts(readings, most?.entries ?? 0) ? undefined : maxTranslated(readings, hasNoPorts);
  const translated = withoutPorts ?? most;
  return [
    {
      id: 'conntrack-insert-failing',
      severity: lostPerSecond >= critical ? 'critical' : 'warning',
      subject: translated ? destinationSubject(translated.destination) : namespaceOf(readings),
      numbers: {
        lostFlows,
        lostPerSecond,
        droppedPackets: readings.rise(conntrackDropTotal) ?? 0,
        ...known({
          usedRatio: table.limit > 0 ? table.entries / table.limit : undefined,
          translatedEntries: translated?.entries,
        }),
      },
      details: {
        zonesWithoutNat: readings.all(firewallOneWayZonesInfo).map(({ labels: { family = '' } }) => family),
        hasNoPorts: withoutPorts !== undefined,
      },
    },
  ];
}

function isOutOfPorts(readings: Readings, translatedEntries: number): boolean {
  return listSourceNatRules(readings).some((rule) => isUsedUp(rule, translatedEntries));
}

/** The destination with the most entries that NAT applies to. */
function maxTranslated(
  readings: Readings,
  isWanted: (protocol: string) => boolean = () => true,
): { destination: Destination; entries: number } | undefined {
  const [most] = listDestinations(readings)
    .filter(({ protocol }) => isWanted(protocol))
    .map((destination) => {
      const { protocol, address, port, zone } = destination;
      return { destination, entries: readings.value(destinationTranslated, { protocol, address, port, zone }) ?? 0 };
    })
    .sort((one, other) => other.entries - one.entries);
  return most && most.entries > 0 ? most : undefined;
}

/**
 * INVALID packets of connections that are tracked in both directions: segments outside the window. NAT does not apply to
 * them, so they reach the host itself, which resets the connection.
 */
function invalidResets(readings: Readings): AnyFound[] {
  const invalidPackets = readings.rise(conntrackInvalidTotal) ?? 0;
  const invalidPerSecond = readings.perSecond(conntrackInvalidTotal) ?? invalidPackets / usualSeconds;
  const isLiberal = readings.value(conntrackSetting, { name: 'tcp_be_liberal' }) !== 0;
  const translated = maxTranslated(readings);
  if (invalidPerSecond < thresholds.conntrackInvalid.warning || isLiberal || translated === undefined) return [];
  if (listDestinations(readings).some(isOneWay)) return [];
  return [
    {
      id: 'conntrack-invalid-resets',
      severity: 'warning',
      subject: namespaceOf(readings),
      numbers: { invalidPackets, invalidPerSecond, translatedEntries: translated.entries },
      details: {},
    },
  ];
}

/** Half of its entries see one direction only, which explains INVALID packets. */
function isOneWay({ protocol, entries, unreplied }: Destination): boolean {
  return protocol === 'tcp' && unreplied > entries / 2;
}
