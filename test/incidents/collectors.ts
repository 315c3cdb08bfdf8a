import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import type { Collector } from '../../src/scrape/collector.ts';

/** Between two readings of an incident. */
export const betweenSeconds = 5;

/**
 * Those that `lvs-exporter diagnose` has, each at every reading, also at one that comes a little early. New ones for each
 * machine: they remember what they read before.
 */
export function createIncidentCollectors(): Collector[] {
  const table = { ...defaultSettings.table, sources: true };
  return createCollectors({ ...defaultSettings, table }).map((one) =>
    one.schedule === undefined ? one : { ...one, schedule: `*/${betweenSeconds - 1} * * * * *` },
  );
}
