import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createCollectors, defaultSettings } from '../src/collectors/index.ts';
import { createLog } from '../src/log.ts';
import { openReplay } from '../src/recording/replay-host.ts';
import { serve } from '../src/serve.ts';

/** Recordings of the lab's nodes, made by `npm run lab -- --record`. */
const recordings = fileURLToPath(new URL('../test/fixtures/lab', import.meta.url));
const nodes = ['compute', 'director1', 'director2'];
/** `npm run demo -- 20044` begins at another one. */
const firstPort = Number(process.argv[2] ?? 10_044);

async function serveNode(node: string, port: number): Promise<void> {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  await serve({
    host: await openReplay(`${recordings}/${node}`, { speed: 1 }),
    collectors: createCollectors(defaultSettings),
    listenAddresses: [{ host: '127.0.0.1', port }],
    log: createLog({ level: 'warn', format: 'logfmt', write: (line) => process.stderr.write(line) }),
    build: { version, revision: 'demo', nodeVersion: process.version },
  });
  process.stdout.write(`  ${node.padEnd(10)} http://127.0.0.1:${port}/  and http://127.0.0.1:${port}/metrics\n`);
}

try {
  process.stdout.write('A table that fills, as it was recorded on a compute node and on the directors behind it:\n\n');
  for (const [index, node] of nodes.entries()) await serveNode(node, firstPort + index);
  process.stdout.write('\nIt takes two minutes and begins again. Ctrl-C stops.\n');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
