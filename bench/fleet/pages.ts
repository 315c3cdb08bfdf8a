import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createCollectors, defaultSettings } from '../../src/collectors/index.ts';
import type { Host } from '../../src/host/host.ts';
import { createProcessMetrics, render } from '../../src/http/exposition.ts';
import { createLog } from '../../src/log/log.ts';
import { openReplay } from '../../src/recording/replay-host.ts';
import { buildInfo } from '../../src/scrape/exporter-metrics.ts';
import { sample } from '../../src/scrape/metric.ts';
import { createRunner } from '../../src/scrape/scrape.ts';
import { type DirectorSize, enlargeDirector } from './director.ts';

const recordings = fileURLToPath(new URL('../../test/fixtures/lab', import.meta.url));
const log = createLog({ level: 'error', format: 'logfmt', write: (line) => process.stderr.write(line) });

/** The machines of the recorded lab. */
export type Machine = 'compute' | 'director1' | 'director2';

/** The address that the first director has, being master. */
const virtualAddress = { interface: 'eth0', address: '10.0.0.100' };

const build = sample(buildInfo, 1, { version: '0.2.0', revision: 'bench', node_version: process.version });

export interface SimulatedNode {
  /** Goes on to a moment, and runs the collectors that a schedule runs. */
  runScheduled(unixSeconds: number): Promise<void>;
  /** What its exporter serves. */
  scrape(): Promise<string>;
}

export interface NodeOptions {
  readonly machine: Machine;
  /** Of a director. */
  readonly size?: DirectorSize;
  readonly aggregate?: boolean;
}

/**
 * The program on a node whose recording stands still at its start, before its table fills, while the time of day and the
 * counters of its services go on.
 */
export async function simulateNode({ machine, size, aggregate = false }: NodeOptions): Promise<SimulatedNode> {
  let nowSeconds = 0;
  const recorded = { ...(await openAtStart(`${recordings}/${machine}`)), now: () => nowSeconds };
  const addresses = machine === 'director1' ? [virtualAddress] : [];
  const host = size ? enlargeDirector(recorded, size, addresses, () => nowSeconds) : recorded;
  const ipvs = { ...defaultSettings.ipvs, maxSeries: Number.MAX_SAFE_INTEGER, aggregate };
  const collectors = createCollectors({ ...defaultSettings, ipvs }).filter(({ optional }) => !optional);
  const runner = createRunner({ collectors, host, log, now: () => nowSeconds * 1000 });
  const processMetrics = createProcessMetrics();
  return {
    async runScheduled(unixSeconds) {
      nowSeconds = unixSeconds;
      for (const one of collectors.filter(({ schedule }) => schedule !== undefined)) await runner.run(one);
    },
    async scrape() {
      return await render([build, ...(await runner.collect(60_000)), ...(await processMetrics())], 'text');
    },
  };
}

/** The recording as it was after a second: its first moment. */
async function openAtStart(directory: string): Promise<Host> {
  let milliseconds = 0;
  const host = await openReplay(directory, { speed: 1, now: () => milliseconds });
  milliseconds = 1000;
  return host;
}

/** The series of a page, with their labels, without their values. */
export function seriesOf(page: string): string[] {
  return page
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));
}
