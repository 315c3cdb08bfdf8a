import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import type { Log } from '../log/log.ts';
import { createConnectionLimit } from './connections.ts';
import type { WebServer } from './listen.ts';

/** Milliseconds. No client holds a connection by sending slowly; a scraper's connection outlives its usual interval. */
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

export type ConfiguredOptions = WebServerOptions & { readonly webConfigFile: string };

/**
 * Makes servers for an application, by a web configuration file where there is one. Rejects if it cannot be read. TLS,
 * and what checks files and passwords, are loaded only then: they take 15 MB.
 */
export async function webServers(app: RequestListener, options: WebServerOptions): Promise<() => WebServer> {
  const { webConfigFile } = options;
  const limitConnections = createConnectionLimit();
  if (webConfigFile === undefined) return () => limitConnections(createServer(limits, app));
  const { configuredServers } = await import('./web-config/servers.ts');
  return configuredServers(app, { ...options, webConfigFile }, limits);
}
