import { conntrackEntries } from '../../../collectors/conntrack-metrics.ts';
import { keepalivedUp } from '../../../collectors/keepalived/metrics.ts';
import { lvsHostNetworkNamespace } from '../../../collectors/platform/metrics.ts';
import { isDirector } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import { collectorSuccess } from '../../../scrape/exporter-metrics.ts';
import type { AnyFound, Found } from '../../finding.ts';

/** What could not be seen: an unknown is not healthy. */
export function blindSpots(readings: Readings): AnyFound[] {
  return [...otherNamespace(readings), ...failedCollectors(readings)];
}

/**
 * A host cannot be judged from a namespace of its own. A director may live in one, and one that has connections of its
 * own is worth a judgement by itself.
 */
function otherNamespace(readings: Readings): AnyFound[] {
  const isDirectorHere = isDirector(readings) || readings.all(keepalivedUp).length > 0;
  if (readings.value(lvsHostNetworkNamespace) !== 0 || isDirectorHere) return [];
  const severity = (readings.value(conntrackEntries) ?? 0) > 0 ? 'info' : 'warning';
  return [{ id: 'lvs-exporter-not-in-host-namespace', severity, subject: {}, numbers: {}, details: {} }];
}

function failedCollectors(readings: Readings): Found<'lvs-exporter-collector-failing'>[] {
  return readings
    .all(collectorSuccess)
    .filter(({ value }) => value === 0)
    .map(({ labels: { collector = '' } }) => ({
      id: 'lvs-exporter-collector-failing',
      severity: 'warning',
      subject: { collector },
      numbers: {},
      details: { reason: undefined, hint: undefined },
    }));
}
