import { prerequisitesOwnAddressInfo } from '../../../collectors/prerequisites/metrics.ts';
import { thresholds } from '../../../identity/thresholds.ts';
import { listSources, listZones, type Source } from '../../../readings/holders.ts';
import { known } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import { readTable, type Table } from '../../../readings/table.ts';
import type { AnyFound } from '../../finding.ts';
import { namespaceOf } from '../../subjects.ts';
import type { Scanner } from '../../table-facts.ts';
import { silentGateway } from '../network/silent-neighbours.ts';

/** Sources that scan. Their addresses are known on the machine itself alone. */
export function scanningSources(readings: Readings): AnyFound[] {
  const limit = readTable(readings)?.limit ?? 0;
  const notable = thresholds.conntrackDestinationShare.warning * limit;
  return listScanners(readings).map((source) => ({
    id: 'conntrack-source-scan',
    severity: limit > 0 && source.entries >= notable ? 'warning' : 'info',
    ...describeScan(readings, source, limit),
  }));
}

/** Behind a gateway that is down, every client seems to scan. */
function listScanners(readings: Readings): Source[] {
  if (silentGateway(readings).length > 0) return [];
  return listSources(readings).filter(({ verdict }) => verdict === 'scan');
}

/** The source that scans and holds a quarter of the entries or more. */
export function findScanner(readings: Readings, { entries, limit }: Table): Scanner | undefined {
  const [largest] = listScanners(readings);
  return largest && largest.entries >= entries / 4 ? describeScan(readings, largest, limit) : undefined;
}

/** The source that opened half of the entries or more, whatever for. */
export function findOpener(readings: Readings, { entries, limit }: Table): Scanner | undefined {
  const [largest] = listSources(readings);
  return largest && largest.verdict !== 'scan' && largest.entries >= entries / 2
    ? describeScan(readings, largest, limit)
    : undefined;
}

function describeScan(readings: Readings, source: Source, limit: number): Scanner {
  const { address, zone, entries, unreplied, destinations, perSecond, owner } = source;
  return {
    subject: { ...namespaceOf(readings), source: address, ...(owner && { owner }) },
    numbers: {
      presentEntries: entries,
      unrepliedEntries: unreplied,
      targetDestinations: destinations,
      arrivalsPerSecond: perSecond,
      ...known({ limitEntries: limit > 0 ? limit : undefined }),
    },
    details: {
      zone,
      isOwn: readings.is(prerequisitesOwnAddressInfo, { address }),
      ...(source.verdict === 'replies_only' && { sendsReplies: true as const }),
    },
  };
}

/** Zones close to the limit that Open vSwitch has for them. */
export function limitedZones(readings: Readings): AnyFound[] {
  return listZones(readings).flatMap(({ zone, entries, limit = 0, owner }) => {
    if (limit === 0 || entries <= thresholds.conntrackZoneUsed.warning * limit) return [];
    return {
      id: 'conntrack-zone-nearly-full' as const,
      severity: 'warning' as const,
      subject: { ...namespaceOf(readings), zone, ...(owner && { owner }) },
      numbers: { presentEntries: entries, limitEntries: limit },
      details: {},
    };
  });
}
