import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Machine, simulateNode } from './pages.ts';
import type { Target } from './prometheus.ts';

/** Of a director. */
const size = { services: 10, realServers: 4 };
export const everySeconds = 15;

function machineOf(index: number): Machine {
  return index % 10 === 0 ? 'director1' : index % 10 === 1 ? 'director2' : 'compute';
}

/** One of so many nodes, by its number. */
export function target(index: number, address: string): Target {
  const labels = { instance: `node${index}`, cluster: `cluster${Math.floor(index / 10)}` };
  return { labels, address, path: `/${machineOf(index)}` };
}

/** Serves the page of each kind of machine, rendered again at the pace of scrapes. */
export async function servePages() {
  const nodes = new Map(
    await Promise.all(
      (['director1', 'director2', 'compute'] as const).map(
        async (machine) =>
          [`/${machine}`, await simulateNode(machine === 'compute' ? { machine } : { machine, size })] as const,
      ),
    ),
  );
  const texts = new Map<string, string>();
  const compressed = new Map<string, Buffer>();
  async function renew(): Promise<void> {
    for (const [path, node] of nodes) {
      await node.runScheduled(Math.floor(Date.now() / 1000));
      const text = await node.scrape();
      texts.set(path, text);
      compressed.set(path, gzipSync(text));
    }
  }
  await renew();
  const timer = setInterval(renew, everySeconds * 1000);
  const server = createServer((request, response) => {
    const headers = { 'content-type': 'text/plain; version=0.0.4', 'content-encoding': 'gzip' };
    response.writeHead(200, headers).end(compressed.get(request.url ?? ''));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: (path: string) => texts.get(path) ?? '',
    stop() {
      clearInterval(timer);
      server.close().closeAllConnections();
    },
  };
}
