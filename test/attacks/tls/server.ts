import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Listener, listenOnAll } from '../../../src/http/listen.ts';
import { webServers } from '../../../src/http/web-server.ts';
import { createLog } from '../../../src/log/log.ts';

export const certificates = fileURLToPath(new URL('../../fixtures/tls', import.meta.url));
export const pair = 'tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n';
export const mutual = `${pair}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n`;

export interface TlsFolder {
  /** It has the certificates of test/fixtures/tls. */
  readonly folder: string;
  /** The lines of the servers' logs. */
  readonly logged: readonly Record<string, unknown>[];
  /** Writes a web configuration file; gives its path. */
  configure(yaml: string): string;
  /** Serves with a web configuration file; gives the port. */
  serveWith(webConfigFile: string): Promise<number>;
  remove(): Promise<void>;
}

export function createTlsFolder(): TlsFolder {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-tls-'));
  cpSync(certificates, folder, { recursive: true });
  const listeners: Listener[] = [];
  const logged: Record<string, unknown>[] = [];
  const log = createLog({ level: 'debug', format: 'json', write: (line) => logged.push(JSON.parse(line)) });
  return {
    folder,
    logged,
    configure(yaml) {
      const file = join(folder, 'web.yml');
      writeFileSync(file, yaml);
      return file;
    },
    async serveWith(webConfigFile) {
      const servers = await webServers((_request, response) => response.end('served'), { webConfigFile, log });
      listeners.push(...(await listenOnAll([{ host: '127.0.0.1', port: 0 }], servers)));
      const address = listeners.at(-1)?.address;
      return address && 'port' in address ? address.port : 0;
    },
    async remove() {
      await Promise.all(listeners.map((listener) => listener.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

/** The status of an answer over TLS; rejects for a client that is not let in. */
export async function getStatus(port: number, options: RequestOptions = {}): Promise<number | undefined> {
  const ca = readFileSync(join(certificates, 'ca.pem'));
  return await new Promise((done, reject) => {
    const asked = request({ host: '127.0.0.1', port, ca, agent: false, ...options }, (answer) => {
      answer.resume().on('end', () => done(answer.statusCode));
    });
    asked.on('error', reject).end();
  });
}

/** The certificate and the key of a client, from files in a folder. */
export const clientOf = (certificate: string, key: string) => ({
  cert: readFileSync(join(certificates, certificate)),
  key: readFileSync(join(certificates, key)),
});
