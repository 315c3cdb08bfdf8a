import { keepalivedDumpSkippedLines } from '../../collectors/keepalived/metrics.ts';
import { several } from '../../readings/format.ts';
import { ownerOf } from '../../readings/machine.ts';
import type { Readings } from '../../readings/readings.ts';
import type { Sample } from '../../scrape/metric.ts';
import type { Finding } from '../finding.ts';

/** Dumps of keepalived that are not read completely. */
export function unreadableDumps(readings: Readings): Finding[] {
  return readings
    .all(keepalivedDumpSkippedLines)
    .filter(({ value }) => value > 0)
    .map((sample) => describeUnreadable(readings, sample));
}

function describeUnreadable(readings: Readings, { value, labels: { dump = '', daemon = '' } }: Sample): Finding {
  return {
    id: 'keepalived-dump-unreadable',
    subject: [daemon, dump].filter((word) => word !== '').join(' '),
    urgency: 'warning',
    title: `Parts of the ${dump} dump of keepalived${daemon === '' ? '' : ` ${daemon}`} cannot be read`,
    evidence: [`${several(value, 'line')} skipped`],
    consequence: 'The values of these lines are missing, and alerts that need them do not fire.',
    remedies: [
      {
        title: 'Update lvs-exporter, or report this version of keepalived with a recording',
        by: ownerOf(readings),
        commands: ['keepalived --version', 'lvs-exporter record keepalived-dumps'],
        tradeOff: 'It only looks.',
        undo: [],
      },
    ],
    runbook: 'KeepalivedDumpUnreadable',
  };
}
