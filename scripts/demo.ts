import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { defaultCollectors } from '../src/collectors/index.ts';
import { createLog } from '../src/log.ts';
import { openReplay } from '../src/recording/replay-host.ts';
import { serve } from '../src/serve.ts';

/** A recording of each node of the lab's cluster, made by `npm run lab -- --record`. */
const recordings = fileURLToPath(new URL('../test/fixtures/lab', import.meta.url));
const speed = 1;
const firstPort = 10_044;

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
const build = { version, revision: 'demo', nodeVersion: process.version };
const log = createLog({ level: 'warn', format: 'logfmt', write: (line) => process.stderr.write(line) });

process.stdout.write(
  `Serving the recording of a table that fills: two directors and the compute node before them.\n\n`,
);
for (const [index, node] of (await readdir(recordings)).sort().entries()) {
  const host = await openReplay(`${recordings}/${node}`, { speed });
  const listenAddresses = [{ host: '127.0.0.1', port: firstPort + index }];
  await serve({ host, collectors: defaultCollectors, listenAddresses, log, build });
  process.stdout.write(`  ${node.padEnd(10)} http://127.0.0.1:${firstPort + index}/  and /metrics\n`);
}
process.stdout.write('\nStop with Ctrl-C.\n');
