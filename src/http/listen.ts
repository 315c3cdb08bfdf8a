import { fstatSync } from 'node:fs';
import type { Server } from 'node:net';
import { hasCode } from '../host/errors.ts';
import { quote } from '../parsers/numbers.ts';

/** A server that accepts connections. */
export interface Listener {
  /** Where; a port that was given as 0 is the one that the system chose. */
  readonly address: BoundAddress;
  /** Answers the requests that are under way, then closes. */
  close(): Promise<void>;
}

/** An HTTP server, with or without TLS. */
export type WebServer = Server & {
  keepAliveTimeout: number;
  closeIdleConnections(): void;
  closeAllConnections(): void;
};

/** Listens on every address, each with a server of its own, or rejects and listens on none. */
export async function listenOnAll(
  addresses: readonly (ListenAddress | InheritedSocket)[],
  createServer: () => WebServer,
): Promise<Listener[]> {
  const attempts = await Promise.allSettled(addresses.map((address) => listen(address, createServer())));
  const listeners = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
  const failure = attempts.find((attempt) => attempt.status === 'rejected');
  if (!failure) return listeners;
  await Promise.all(listeners.map((listener) => listener.close()));
  throw failure.reason;
}

/**
 * Connections that the kernel holds until they are accepted; net.core.somaxconn limits it, too. Node's own 511 are fewer than
 * a burst has: the kernel resets those that find no room while a large answer is written.
 */
const maxWaitingConnections = 4096;

async function listen(address: ListenAddress | InheritedSocket, server: WebServer): Promise<Listener> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, address)));
    server.listen({ ...address, backlog: maxWaitingConnections }, resolve);
  });
  return { address: boundAddress(server, address), close: () => close(server) };
}

function boundAddress(server: Server, asked: ListenAddress | InheritedSocket): BoundAddress {
  const bound = server.address();
  if (typeof bound === 'string') return { path: bound };
  if ('port' in asked) return { ...asked, port: bound?.port ?? asked.port };
  return { host: bound?.address ?? '', port: bound?.port ?? 0 };
}

function explain(error: Error, address: ListenAddress | InheritedSocket): Error {
  const where = `Cannot listen on ${formatListenAddress(address)}`;
  const choose = 'choose another with --web.listen-address';
  if (hasCode(error, 'EADDRINUSE')) return new Error(`${where}: the port is in use; ${choose}`, { cause: error });
  if (hasCode(error, 'EADDRNOTAVAIL', 'ENOTFOUND')) {
    return new Error(`${where}: this machine does not have the address; ${choose}`, { cause: error });
  }
  if (hasCode(error, 'EAI_AGAIN')) {
    return new Error(`${where}: no name server answers; give an address to --web.listen-address`, { cause: error });
  }
  if (hasCode(error, 'EACCES')) {
    return new Error(`${where}: ports below 1024 need CAP_NET_BIND_SERVICE; ${choose}`, { cause: error });
  }
  return new Error(`${where}: ${error.message}`, { cause: error });
}

/** Milliseconds that answers under way may still take. A client that does not read must not keep the program. */
const closeTimeoutMs = 5_000;

async function close(server: WebServer): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), closeTimeoutMs);
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
    // Those that are answered from now on: not kept for one more request.
    server.keepAliveTimeout = 1;
  });
  clearTimeout(late);
}

/** Where to listen. Without a host: on every address of the machine, IPv4 and IPv6. */
export interface ListenAddress {
  readonly host?: string;
  readonly port: number;
}

/** A socket that another process made and that listens already. */
export interface InheritedSocket {
  readonly fd: number;
}

/** Where a server listens. */
export type BoundAddress = ListenAddress | { readonly path: string };

/** Parses `:10044`, `127.0.0.1:10044`, `localhost:10044` or `[::1]:10044`; undefined for anything else. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, v6, name, digits] = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) > 65_535) return undefined;
  const host = v6 || name;
  return host ? { host, port: Number(digits) } : { port: Number(digits) };
}

export function formatListenAddress(address: BoundAddress | InheritedSocket): string {
  if ('path' in address) return address.path;
  if ('fd' in address) return `file descriptor ${address.fd}`;
  const { host = '', port } = address;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** sd_listen_fds(3): the first file descriptor that systemd hands over. */
const firstDescriptor = 3;

/** More than the sockets of any unit, and as many as a process may have open by default. */
const maxSockets = 1024;

/** The sockets that systemd made for this process. Throws when there are none, or more than a process may have. */
export function systemdSockets(
  { LISTEN_PID: owner, LISTEN_FDS: count = '' }: NodeJS.ProcessEnv,
  pid: number,
  isSocket: (descriptor: number) => boolean = isOpenSocket,
): InheritedSocket[] {
  const sockets = owner === String(pid) && /^\d+$/.test(count) ? Number(count) : 0;
  if (sockets === 0) {
    throw new Error(
      'Cannot listen: systemd handed over no socket; start it by its .socket unit, or leave out --web.systemd-socket',
    );
  }
  if (sockets > maxSockets)
    throw new Error(`Cannot listen: expected LISTEN_FDS up to ${maxSockets}, got ${quote(count)}`);
  const descriptors = Array.from({ length: sockets }, (_, n) => firstDescriptor + n);
  // To listen on what this program has open itself, and close it thereafter, would abort it.
  const other = descriptors.find((descriptor) => !isSocket(descriptor));
  if (other !== undefined)
    throw new Error(`Cannot listen on file descriptor ${other}: LISTEN_FDS counts it, and it is not a socket`);
  return descriptors.map((fd) => ({ fd }));
}

function isOpenSocket(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isSocket();
  } catch (error) {
    if (hasCode(error, 'EBADF')) return false;
    throw error;
  }
}
