import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import type { Log } from '../cli/log.ts';
import { limitConnections } from './connections.ts';
import type { WebServer } from './listen.ts';
import { guard } from './web-config/guard.ts';
import { createSecureServer } from './web-config/secure-server.ts';
import { openWebConfig } from './web-config/store.ts';

/** Milliseconds. Nobody may hold a connection by sending slowly; a scraper's connection outlives its usual interval. */
const limits: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 75_000,
};

export interface WebServerOptions {
  /** A web configuration file as exporter-toolkit has them. */
  readonly webConfigFile: string | undefined;
  /** Where systemd put the credentials of the service. */
  readonly credentialsDirectory?: string | undefined;
  readonly log: Log;
}

/** Makes servers for an application, by a web configuration file where there is one. Throws if it cannot be read. */
export function webServers(
  app: RequestListener,
  { webConfigFile, credentialsDirectory, log }: WebServerOptions,
): () => WebServer {
  if (webConfigFile === undefined) return () => limitConnections(createServer(limits, app));
  const store = openWebConfig(webConfigFile, credentialsDirectory);
  const guarded = guard(app, store, log);
  const { tls, exposedKeys } = store.current();
  for (const file of exposedKeys)
    log.warn({ file, cure: 'chmod o-r' }, 'Every user of the machine can read the private key');
  return tls === undefined
    ? () => limitConnections(createServer(limits, guarded))
    : () => limitConnections(createSecureServer(guarded, tls, store, limits, log));
}
