import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Machine, simulateNode } from './pages.ts';
import type { Target } from './scrape-job.ts';

/** Of a director. */
const size = { services: 10, realServers: 4 };
export const everySeconds = 15;

function machineOf(index: number): Machine {
  return index % 10 === 0 ? 'director1' : index % 10 === 1 ? 'director2' : 'compute';
}

/** One of so many nodes, by its number. Ten are a cluster. */
export function target(index: number, address: string): Target {
  const cluster = Math.floor(index / 10);
  const labels = { instance: `node${index}`, cluster: `cluster${cluster}` };
  const machine = machineOf(index);
  return { labels, address, path: machine === 'compute' ? '/compute' : `/${machine}/${cluster}` };
}

/** The page of a machine, of a director with the virtual addresses of its cluster. */
function forCluster(text: string, cluster: string | undefined): string {
  if (cluster === undefined) return text;
  const [high, low] = [Number(cluster) >> 8, Number(cluster) & 255];
  return text.replaceAll(/([{,]address=")10\.\d+\.\d+\./g, `$110.${100 + high}.${low}.`);
}

/** Serves the page of each kind of machine, rendered again at the pace of scrapes. */
export async function servePages() {
  const nodes = new Map(
    await Promise.all(
      (['director1', 'director2', 'compute'] as const).map(
        async (machine) =>
          [machine, await simulateNode(machine === 'compute' ? { machine } : { machine, size })] as const,
      ),
    ),
  );
  const texts = new Map<string, string>();
  const page = (path: string) => {
    const [, machine = '', cluster] = path.split('/');
    return forCluster(texts.get(machine) ?? '', cluster);
  };
  async function renew(): Promise<void> {
    for (const [machine, node] of nodes) {
      await node.runScheduled(Math.floor(Date.now() / 1000));
      texts.set(machine, await node.scrape());
    }
  }
  await renew();
  const timer = setInterval(renew, everySeconds * 1000);
  const server = createServer((request, response) => {
    const headers = { 'content-type': 'text/plain; version=0.0.4', 'content-encoding': 'gzip' };
    response.writeHead(200, headers).end(gzipSync(page(request.url ?? ''), { level: 1 }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: page,
    stop() {
      clearInterval(timer);
      server.close().closeAllConnections();
    },
  };
}
