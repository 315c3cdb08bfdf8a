import process from 'node:process';
import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import { createLog } from '../../src/log/log.ts';
import { createRunner } from '../../src/scrape/scrape.ts';
import { createRaceHost } from './host.ts';
import type { Value } from './series.ts';
import type { RaceTable } from './table.ts';

/** What this exporter exports for the connection tracking of a simulated machine. */
export interface RaceExporter {
  /** What its schedule does. */
  scan(): Promise<void>;
  scrape(): Promise<Value[]>;
}

const log = createLog({ level: 'error', format: 'logfmt', write: (line) => process.stderr.write(line) });

/** Nothing that is simulated takes long. */
const timeoutMs = 60_000;

/** @param epoch when Prometheus' clock shows 0: the exported times are on that clock. */
export function createRaceExporter(
  table: RaceTable,
  epoch: number,
  settings: Readonly<Record<string, number>>,
): RaceExporter {
  const now = () => table.seconds() - epoch;
  const collectors = createCollectors(defaultSettings).filter(({ name }) => name.startsWith('conntrack'));
  const runner = createRunner({ collectors, host: createRaceHost(table, settings), log, now: () => now() * 1000 });
  const scheduled = collectors.filter(({ schedule }) => schedule !== undefined);
  const started = now();
  let scanned = started;
  return {
    async scan() {
      scanned = now();
      for (const collector of scheduled) await runner.run(collector);
    },
    async scrape() {
      const samples = await runner.collect(timeoutMs);
      const values = samples.map(({ metric, labels, value }) => ({ name: metric.name, labels, value }));
      const times = { process_start_time_seconds: started, conntrack_scan_timestamp_seconds: scanned };
      return [
        ...values.filter(({ name }) => !(name in times)),
        ...Object.entries(times).map(([name, value]) => ({ name, labels: {}, value })),
      ];
    },
  };
}
