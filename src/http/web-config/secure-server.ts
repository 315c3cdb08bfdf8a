import type { RequestListener, ServerOptions } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Log } from '../../log/log.ts';
import { logMessages } from '../../log/messages.ts';
import type { WebConfigStore } from './store.ts';
import { asksForCertificate, refusal, type TlsSettings } from './tls.ts';

/** A TLS server that follows its web configuration: each new connection meets the certificates as they are then. */
export function createSecureServer(
  app: RequestListener,
  settings: TlsSettings,
  store: WebConfigStore,
  limits: ServerOptions,
  log: Log,
): Server {
  const asks = asksForCertificate(settings.clients);
  const server = createServer({ ...limits, ...settings.context, requestCert: asks, rejectUnauthorized: false }, app);
  let used: TlsSettings | undefined = settings;

  // Before the handshake. A file that cannot be read admits no client; the guard logs why.
  server.prependListener('connection', () => {
    const latest = readOrNone(store);
    if (latest !== undefined && latest !== used) server.setSecureContext(latest.context);
    used = latest;
  });
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    const reason = used ? refuseClient(socket, used, asks) : 'the web configuration has no certificate';
    if (reason === undefined) return;
    log.debug({ client: socket.remoteAddress, reason }, logMessages.clientRefused);
    socket.destroy();
  });
  return server;
}

/** Whether a server asks for a client's certificate is settled when it starts: it admits no client that it should have asked. */
function refuseClient(socket: TLSSocket, { clients }: TlsSettings, asks: boolean): string | undefined {
  if (asksForCertificate(clients) && !asks) return 'a new client_auth_type takes effect after a restart';
  return refusal(socket, clients);
}

function readOrNone(store: WebConfigStore): TlsSettings | undefined {
  try {
    return store.current().tls;
  } catch {
    return undefined;
  }
}
