import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import { listOwnAddresses, prerequisites } from '../../src/collectors/prerequisites/prerequisites.ts';
import { sampleSilentNeighbours } from '../../src/collectors/prerequisites/silent-neighbours.ts';
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

/** What of the prerequisites is read from files of a recording: the others are those of the machine that replays it. */
export const ownNetworks: Collector = {
  name: 'prerequisites',
  help: '',
  metrics: prerequisites.metrics,
  schedule: '* * * * * *',
  collect: async (host) => [...(await listOwnAddresses(host)), ...(await sampleSilentNeighbours(host))],
};
