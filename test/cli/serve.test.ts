import { expect, it } from 'vitest';
import { serve } from '../../src/cli/serve.ts';
import { createLog } from '../../src/log/log.ts';
import { openReplay } from '../../src/recording/replay-host.ts';
import type { Collector } from '../../src/scrape/collector.ts';
import { labRecordings } from '../fixtures.ts';

it('a request beyond those that are allowed at once is refused, and one that waits is answered', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow: Collector = { name: 'slow', help: 'Waits.', metrics: [], collect: async () => held.then(() => []) };
  const exporter = await serve({
    host: await openReplay(`${labRecordings}/director1`, { speed: 1 }),
    collectors: [slow],
    listenAddresses: [{ host: '127.0.0.1', port: 0 }],
    files: { assets: 'src/page', docs: 'docs' },
    maxRequests: 1,
    log: createLog({ level: 'error', format: 'json', write: () => undefined }),
    build: { version: '1', revision: '1', nodeVersion: 'v1' },
  });
  try {
    const [address] = exporter.addresses;
    const port = address && 'port' in address ? address.port : 0;
    const scrapes = [0, 1].map(() => fetch(`http://127.0.0.1:${port}/metrics`));
    // Whichever comes first waits.
    expect((await Promise.race(scrapes)).status).toBe(503);
    release();
    const statuses = (await Promise.all(scrapes)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 503]);
  } finally {
    release();
    await exporter.stop();
  }
});
