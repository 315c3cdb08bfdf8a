import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Exporter, serve } from '../src/cli/serve.ts';
import { createCollectors, defaultSettings } from '../src/collectors/index.ts';
import type { ListenAddress } from '../src/http/listen.ts';
import { createLog } from '../src/log/log.ts';
import { openReplay } from '../src/recording/replay-host.ts';
import type { Collector } from '../src/scrape/collector.ts';
import { files } from './served-files.ts';

export interface DemoExporter extends Exporter {
  /** The machine that was recorded. */
  readonly node: string;
}

/** Recordings of the lab's nodes, made by `npm run lab -- --record-demo`. */
const recordings = fileURLToPath(new URL('../test/fixtures/demo', import.meta.url));
const nodes = ['compute', 'director1', 'director2'];
/** The limit of the table on the compute node. Its directors could not ask for it. */
const upstreamConntrackLimit = 3000;
export const everySeconds = 5;

/** Serves each recording on a port of its own, the next of the one before. Rejects, with nothing left running, if it cannot. */
export async function serveRecordings(first: ListenAddress): Promise<DemoExporter[]> {
  const started: DemoExporter[] = [];
  try {
    for (const [index, node] of nodes.entries()) {
      const port = first.port === 0 ? 0 : first.port + index;
      started.push({ ...(await serveRecording(node, { ...first, port })), node });
    }
  } catch (error) {
    await Promise.all(started.map((exporter) => exporter.stop()));
    throw error;
  }
  return started;
}

async function serveRecording(node: string, address: ListenAddress): Promise<Exporter> {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  return serve({
    host: await openReplay(`${recordings}/${node}`, { speed: 1 }),
    collectors: chooseCollectors(),
    listenAddresses: [address],
    files,
    pageSchedule: `2-59/${everySeconds} * * * * *`,
    log: createLog({ level: 'warn', format: 'logfmt', write: (line) => process.stderr.write(line) }),
    build: { version, revision: 'demo', nodeVersion: process.version },
  });
}

/** All of the program, more often than by default: a recording is short. */
function chooseCollectors(): Collector[] {
  const ipvs = { ...defaultSettings.ipvs, upstreamConntrackLimit };
  return createCollectors({ ...defaultSettings, ipvs }).map((one) =>
    one.schedule === undefined ? one : { ...one, schedule: `*/${everySeconds} * * * * *` },
  );
}
