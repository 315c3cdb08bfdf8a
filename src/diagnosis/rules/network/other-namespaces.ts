import { otherNamespacesEntries, otherNamespacesRefusedInfo } from '../../../collectors/other-namespaces-metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Found } from '../../finding.ts';

const maxNamed = 5;

/** Network namespaces whose connection tracking table was not read: an unknown is not healthy. */
export function otherNamespaces(readings: Readings): Found<'conntrack-namespaces-not-read'>[] {
  const counted = readings
    .all(otherNamespacesEntries)
    .filter(({ value }) => value > 0)
    .sort((one, other) => other.value - one.value);
  const refused = readings.all(otherNamespacesRefusedInfo);
  if (counted.length + refused.length === 0) return [];
  const [largest] = [...counted, ...refused];
  return [
    {
      id: 'conntrack-namespaces-not-read',
      severity: 'info',
      subject: { namespace: largest?.labels.namespace ?? '' },
      numbers: {
        countedNamespaces: counted.length,
        refusedNamespaces: refused.length,
        presentEntries: sum(counted.map(({ value }) => value)),
      },
      details: {
        largest: counted
          .slice(0, maxNamed)
          .map(({ labels, value }) => ({ namespace: labels.namespace ?? '', presentEntries: value })),
        refused: refused.slice(0, maxNamed).map(({ labels }) => labels.namespace ?? ''),
      },
    },
  ];
}
