import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import { logMessages } from '../../log/messages.ts';
import { createConnectionLimit } from '../connections.ts';
import type { WebServer } from '../listen.ts';
import type { ConfiguredOptions } from '../web-server.ts';
import { guard } from './guard.ts';
import { createSecureServer } from './secure-server.ts';
import { openWebConfig } from './store.ts';
import { createWatchedReads } from './watched-reads.ts';

/** Makes servers by a web configuration file. Throws if it cannot be read. */
export function configuredServers(
  app: RequestListener,
  { webConfigFile, credentialsDirectory, log }: ConfiguredOptions,
  limits: ServerOptions,
): () => WebServer {
  const store = openWebConfig(webConfigFile, credentialsDirectory);
  const { tls, exposedKeys } = store.current();
  for (const file of exposedKeys) log.warn({ file, hint: 'chmod o-r' }, logMessages.privateKeyExposed);
  const watch = createWatchedReads(log);
  const guarded = guard(app, watch(store.rules), log);
  const readTls = watch(() => store.current().tls);
  const limitConnections = createConnectionLimit();
  return tls === undefined
    ? () => limitConnections(createServer(limits, guarded))
    : () => limitConnections(createSecureServer(guarded, tls, readTls, limits, log));
}
