import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCollectors, defaultSettings } from '../src/collectors/index.ts';
import { createLog } from '../src/log/log.ts';
import { createWatch } from '../src/page/watch.ts';
import { openReplay } from '../src/recording/replay-host.ts';
import { createRunner } from '../src/scrape/scrape.ts';
import { createApp } from '../src/server.ts';
import { files } from './served-files.ts';

export interface ReplayedPage {
  readonly url: string;
  /** Goes on to this second of the recording, scanning and taking note every few seconds on the way. */
  advanceTo(second: number): Promise<void>;
  close(): Promise<void>;
}

const everySeconds = 5;

/** Serves the status page of a recorded machine, whose time passes only on request. */
export async function replayPage(directory: string): Promise<ReplayedPage> {
  const startedMs = Date.now();
  let elapsedSeconds = 0;
  const now = () => startedMs + elapsedSeconds * 1000;
  const host = await openReplay(directory, { speed: 1, now });
  // Between two recorded moments, so that each step meets just one.
  elapsedSeconds = everySeconds / 2;
  const log = createLog({ level: 'error', format: 'logfmt', write: (line) => process.stderr.write(line) });
  const collectors = createCollectors(defaultSettings).filter(({ optional }) => !optional);
  const runner = createRunner({ collectors, host, log, now });
  const watch = createWatch({ collect: () => runner.collect(10_000), version: '0.2.0', now });

  async function scan(): Promise<void> {
    for (const collector of collectors) if (collector.schedule !== undefined) await runner.run(collector);
    await watch.note();
  }

  await scan();
  const app = createApp({
    collect: (timeoutMs) => runner.collect(timeoutMs),
    collectors: [],
    isReady: () => true,
    watch,
    files,
    log,
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async advanceTo(second) {
      while (elapsedSeconds < second) {
        elapsedSeconds += everySeconds;
        await scan();
      }
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
