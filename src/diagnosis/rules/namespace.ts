import { lvsHostNetworkNamespace } from '../../collectors/platform-metrics.ts';
import { isDirector } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import type { Finding } from '../finding.ts';

/** A host cannot be judged from a namespace of its own. A director may live in one. */
export function otherNamespace(readings: Readings): Finding[] {
  if (readings.value(lvsHostNetworkNamespace) !== 0 || isDirector(readings)) return [];
  return [
    {
      id: 'other-namespace',
      subject: '',
      urgency: 'warning',
      title: "This is not the host's network namespace",
      evidence: [`${lvsHostNetworkNamespace.name} is 0`],
      consequence:
        'Count, table and addresses are those of this namespace. The limit is for each namespace, and the memory is shared by all. What fills the table of the host cannot be seen from here.',
      remedies: [
        {
          title: "Run lvs-exporter in the host's network namespace: in a container, with the host's network",
          by: 'operator',
          commands: ['nsenter --target 1 --net lvs-exporter diagnose'],
          tradeOff: '',
          undo: [],
        },
      ],
      runbook: 'LvsExporterNotInHostNamespace',
    },
  ];
}
