import { ownerOf } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import { collectorSuccess } from '../../scrape/exporter-metrics.ts';
import type { Finding } from '../finding.ts';

/** What could not be read: an unknown is not healthy. */
export function notSeen(readings: Readings): Finding[] {
  return readings
    .all(collectorSuccess)
    .filter(({ value }) => value === 0)
    .map(({ labels: { collector = '' } }) => ({
      id: 'not-seen',
      subject: collector,
      urgency: 'warning',
      title: `The ${collector} collector failed, and what it reads could not be seen`,
      evidence: [`${collectorSuccess.name}{collector="${collector}"} is 0`],
      consequence: 'Nothing can be said about it, good or bad.',
      remedies: [{ title: 'See the log, which says why', by: ownerOf(readings), commands: [], tradeOff: '', undo: [] }],
      runbook: 'LvsExporterCollectorFailing',
    }));
}
