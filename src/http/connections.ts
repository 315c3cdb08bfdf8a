import { readFileSync } from 'node:fs';
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';

/** More than any number of scrapers, and some 100 MB if all of them are open. */
const maxConnections = 8192;

/**
 * Limits the connections of a server to half of the descriptors that this process may have. Beyond, the one that has
 * been quiet for longest is closed: a client that opens many loses them, and the next scrape is answered.
 */
export function limitConnections<S extends HttpServer | HttpsServer>(
  server: S,
  max = Math.min(maxConnections, Math.floor(readDescriptorLimit() / 2)),
): S {
  /** In the order of their last request. */
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const [quietest] = open;
    if (open.size > max) quietest?.destroy();
  });
  server.on('request', ({ socket }: IncomingMessage) => {
    if (open.delete(socket)) open.add(socket);
  });
  return server;
}

/** RLIMIT_NOFILE of this process: `Max open files  1024  524288  files`. */
function readDescriptorLimit(): number {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return Number(soft ?? Number.POSITIVE_INFINITY);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
