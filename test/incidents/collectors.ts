import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import type { Collector } from '../../src/scrape/collector.ts';

/** Between two readings of an incident. */
export const betweenSeconds = 5;

/** Those that `lvs-exporter diagnose` has, each at every reading, also at one that comes a little early. */
export const collectors: readonly Collector[] = createCollectors({
  ...defaultSettings,
  table: { ...defaultSettings.table, sources: true },
}).map((one) => (one.schedule === undefined ? one : { ...one, schedule: `*/${betweenSeconds - 1} * * * * *` }));
