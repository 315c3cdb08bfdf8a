import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { formatListenAddress, type ListenAddress } from './listen-address.ts';
import { hasCode } from './read.ts';

/** A server that accepts connections. */
export interface Listener {
  /** Where; a port that was given as 0 is the one that the system chose. */
  readonly address: ListenAddress;
  /** Answers the requests that are under way, then closes. */
  close(): Promise<void>;
}

/** Listens on every address, or rejects and listens on none. */
export async function listenOnAll(addresses: readonly ListenAddress[], app: RequestListener): Promise<Listener[]> {
  const attempts = await Promise.allSettled(addresses.map((address) => listen(address, app)));
  const listeners = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
  const failure = attempts.find((attempt) => attempt.status === 'rejected');
  if (!failure) return listeners;
  await Promise.all(listeners.map((listener) => listener.close()));
  throw failure.reason;
}

async function listen(address: ListenAddress, app: RequestListener): Promise<Listener> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, address)));
    server.listen(address, resolve);
  });
  return { address: { ...address, port: portOf(server) ?? address.port }, close: () => close(server) };
}

function portOf(server: Server): number | undefined {
  const bound = server.address();
  return bound !== null && typeof bound === 'object' ? bound.port : undefined;
}

function explain(error: Error, address: ListenAddress): Error {
  const where = `Cannot listen on ${formatListenAddress(address)}`;
  const choose = 'choose another with --web.listen-address';
  if (hasCode(error, 'EADDRINUSE')) return new Error(`${where}: the port is in use; ${choose}`, { cause: error });
  if (hasCode(error, 'EADDRNOTAVAIL', 'ENOTFOUND')) {
    return new Error(`${where}: this machine does not have the address; ${choose}`, { cause: error });
  }
  if (hasCode(error, 'EACCES')) {
    return new Error(`${where}: ports below 1024 need CAP_NET_BIND_SERVICE; ${choose}`, { cause: error });
  }
  return new Error(`${where}: ${error.message}`, { cause: error });
}

async function close(server: Server): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
  });
}
