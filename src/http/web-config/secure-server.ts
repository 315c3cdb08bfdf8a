import type { RequestListener, ServerOptions } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Log } from '../../log/log.ts';
import { logMessages } from '../../log/messages.ts';
import { asksForCertificate, refusal, type TlsSettings } from './tls.ts';

/**
 * A TLS server that follows its web configuration: each new connection meets the certificates as they are then. `read` gives
 * none while they cannot be read.
 */
export function createSecureServer(
  app: RequestListener,
  settings: TlsSettings,
  read: () => TlsSettings | undefined,
  limits: ServerOptions,
  log: Log,
): Server {
  const asks = asksForCertificate(settings.clients);
  const options = { ...limits, ...settings.context, requestCert: asks, rejectUnauthorized: false };
  // Node's own limit is two minutes.
  const server = createServer({ ...options, handshakeTimeout: limits.headersTimeout }, app);
  let used = settings;

  function refuse(socket: Socket, reason: string): void {
    log.debug({ client: socket.remoteAddress, reason }, logMessages.clientRefused);
    socket.destroy();
  }
  server.prependListener('connection', (socket: Socket) => {
    const latest = read();
    // Once the server has taken it, and before the handshake.
    if (latest === undefined) return queueMicrotask(() => refuse(socket, 'the web configuration gives no certificate'));
    if (latest !== used) server.setSecureContext(latest.context);
    used = latest;
  });
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    const reason = refuseClient(socket, used, asks);
    if (reason !== undefined) refuse(socket, reason);
  });
  return server;
}

/** Whether a server asks for a client's certificate is settled when it starts: it admits no client that it should have asked. */
function refuseClient(socket: TLSSocket, { clients }: TlsSettings, asks: boolean): string | undefined {
  if (asksForCertificate(clients) && !asks) return 'a new client_auth_type takes effect after a restart';
  return refusal(socket, clients);
}
