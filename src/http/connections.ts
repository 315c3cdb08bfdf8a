import { readFileSync } from 'node:fs';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';

/** More than any number of scrapers, and some 100 MB if all of them are open. */
const maxConnections = 8192;

interface Connection {
  readonly socket: Socket;
  /** Requests that are not answered yet. */
  underWay: number;
}

/**
 * Limits the connections of all servers of a program together to half of the descriptors that this process may have. Beyond,
 * the one that has been quiet for longest is closed: a client that opens many loses them, and the next scrape is answered. One
 * that waits for an answer is not quiet.
 */
export function createConnectionLimit(
  max = Math.min(maxConnections, Math.floor(readDescriptorLimit() / 2)),
): <S extends HttpServer | HttpsServer>(server: S) => S {
  /** In the order of their last request. */
  const open = new Map<unknown, Connection>();

  function addConnection(socket: Socket): void {
    const [key, connection] = [keyOf(socket), { socket, underWay: 0 }];
    open.set(key, connection);
    socket.once('close', () => {
      if (open.get(key) === connection) open.delete(key);
    });
    if (open.size > max) findQuietest(open)?.socket.destroy();
  }

  function addRequest({ socket }: IncomingMessage, response: ServerResponse): void {
    const key = keyOf(socket);
    const connection = open.get(key);
    if (!connection) return;
    open.delete(key);
    open.set(key, connection);
    connection.underWay++;
    response.once('close', () => connection.underWay--);
  }

  return (server) => {
    server.on('connection', addConnection).on('request', addRequest);
    return server;
  };
}

/**
 * By both ends: over TLS a request comes from another socket than the connection. A client can use one port for each address
 * of this machine.
 */
function keyOf(socket: Socket): unknown {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  return remotePort === undefined ? socket : `${localAddress} ${localPort} ${remoteAddress} ${remotePort}`;
}

function findQuietest(open: ReadonlyMap<unknown, Connection>): Connection | undefined {
  const [first] = open.values();
  for (const connection of open.values()) if (connection.underWay === 0) return connection;
  return first;
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
