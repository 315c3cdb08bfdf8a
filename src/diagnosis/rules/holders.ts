import { thresholds } from '../../identity/thresholds.ts';
import { listSources, listZones } from '../../readings/holders.ts';
import { known } from '../../readings/known.ts';
import type { Readings } from '../../readings/readings.ts';
import { readTable } from '../../readings/table.ts';
import type { AnyFound } from '../finding.ts';
import { namespaceOf } from '../subjects.ts';

/** Sources that scan. Their addresses are known on the machine itself alone. */
export function scanningSources(readings: Readings): AnyFound[] {
  const limit = readTable(readings)?.limit ?? 0;
  const notable = thresholds.conntrackDestinationShare.warning * limit;
  return listSources(readings)
    .filter(({ verdict }) => verdict === 'scan')
    .map(({ address, zone, entries, unreplied, destinations, perSecond, owner }) => ({
      id: 'conntrack-source-scan',
      severity: limit > 0 && entries >= notable ? 'warning' : 'info',
      subject: { ...namespaceOf(readings), source: address, ...(owner && { owner }) },
      numbers: {
        presentEntries: entries,
        unrepliedEntries: unreplied,
        targetDestinations: destinations,
        arrivalsPerSecond: perSecond,
        ...known({ limitEntries: limit > 0 ? limit : undefined }),
      },
      details: { zone },
    }));
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
