import { keepalivedProcessRestartsTotal, keepalivedProcessUp } from '../../../collectors/keepalived/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import { listInstances } from '../../../readings/vrrp-instances.ts';
import type { Found } from '../../finding.ts';

/** Processes of a keepalived that runs which do not run, or were restarted between two readings. */
export function keepalivedProcesses(readings: Readings): Found<'keepalived-process-down'>[] {
  return readings.all(keepalivedProcessUp).flatMap(({ labels, value }): Found<'keepalived-process-down'>[] => {
    const recentRestarts = readings.rise(keepalivedProcessRestartsTotal, labels) ?? 0;
    if (value === 1 && recentRestarts === 0) return [];
    const { process = '', daemon } = labels;
    const instances = listInstances(readings).filter((instance) => instance.labels.daemon === daemon);
    return [
      {
        id: 'keepalived-process-down',
        severity: 'critical',
        subject: { daemon: daemon ?? '' },
        numbers: { recentRestarts, knownRestarts: readings.value(keepalivedProcessRestartsTotal, labels) ?? 0 },
        details: { process, isUp: value === 1, instances: process === 'vrrp' ? instances.map(({ name }) => name) : [] },
      },
    ];
  });
}
