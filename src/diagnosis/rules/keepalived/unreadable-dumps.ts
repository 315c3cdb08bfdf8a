import { keepalivedDumpSkippedLines } from '../../../collectors/keepalived/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Found } from '../../finding.ts';

/** Dumps of keepalived that are not read completely. */
export function unreadableDumps(readings: Readings): Found<'keepalived-dump-unreadable'>[] {
  return readings
    .all(keepalivedDumpSkippedLines)
    .filter(({ value }) => value > 0)
    .map(({ value, labels: { dump = '', daemon = '' } }) => ({
      id: 'keepalived-dump-unreadable',
      severity: 'warning',
      subject: { daemon },
      numbers: { skippedLines: value },
      details: { dump },
    }));
}
