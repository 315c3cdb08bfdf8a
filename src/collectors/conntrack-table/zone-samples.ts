import { sum } from '../../flows/arithmetic.ts';
import type { Census } from '../../flows/census/census.ts';
import { zoneArrivals } from '../../flows/forecast/arrivals.ts';
import type { FindOwner } from '../../openstack/owner.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { zoneArrivalRate, zoneEntries, zoneInfo, zoneUnreplied } from './metrics.ts';
import { labelsOfOwner } from './owner-labels.ts';

/** Zones with series of their own. A compute node has one or two for each port. */
const maxZones = 1000;

export function sampleZones(census: Census): Sample[] {
  const { zones, scale } = census;
  const others = zones.slice(maxZones);
  const other = { zone: 'other' };
  return [
    ...zones.slice(0, maxZones).flatMap((one) => {
      const labels = { zone: String(one.zone) };
      return [
        sample(zoneEntries, one.counted * scale, labels),
        sample(zoneUnreplied, one.unreplied * scale, labels),
        sample(zoneArrivalRate, zoneArrivals(census, one).perSecond, labels),
      ];
    }),
    sample(zoneEntries, sum(others.map(({ counted }) => counted)) * scale, other),
    sample(zoneUnreplied, sum(others.map(({ unreplied }) => unreplied)) * scale, other),
  ];
}

/** Whose the zones are that belong to one port. */
export function sampleZoneOwners({ zones }: Census, findOwner: FindOwner): Sample[] {
  return zones.slice(0, maxZones).flatMap(({ zone }) => {
    const owner = findOwner({ zone, address: '' });
    return owner ? [sample(zoneInfo, 1, { zone: String(zone), ...labelsOfOwner(owner) })] : [];
  });
}
