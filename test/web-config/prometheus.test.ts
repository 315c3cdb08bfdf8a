import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashSync } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listener, listenOnAll } from '../../src/http/listen.ts';
import { webServers } from '../../src/http/web-server.ts';
import { createLog } from '../../src/log/log.ts';
import { needs } from '../needs.ts';

const certificates = fileURLToPath(new URL('../fixtures/tls', import.meta.url));
const log = createLog({ level: 'error', format: 'logfmt', write: () => undefined });

describe('a real Prometheus', needs('prometheus'), () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-mtls-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('scrapes over mutual TLS with a password', async () => {
    const webConfig = {
      tls_server_config: {
        cert_file: join(certificates, 'server.pem'),
        key_file: join(certificates, 'server.key'),
        client_ca_file: join(certificates, 'ca.pem'),
        client_auth_type: 'RequireAndVerifyClientCert',
      },
      basic_auth_users: { prometheus: hashSync('s3cr3t', 4) },
    };
    await writeFile(join(folder, 'web.yml'), JSON.stringify(webConfig));
    const scrapes = new EventEmitter();
    const scraped = once(scrapes, 'scrape');
    const create = await webServers(
      (request, response) => {
        scrapes.emit('scrape', request.headers['user-agent']);
        response.setHeader('Content-Type', 'text/plain; version=0.0.4').end('test_metric 1\n');
      },
      { webConfigFile: join(folder, 'web.yml'), log },
    );
    const [listener] = await listenOnAll([{ host: '127.0.0.1', port: 0 }], create);
    const stop = await startPrometheus(folder, portOf(listener));
    try {
      expect(await scraped).toEqual([expect.stringMatching(/^Prometheus\//)]);
    } finally {
      await stop();
      await listener?.close();
    }
  });
});

const portOf = (listener: Listener | undefined) => (listener && 'port' in listener.address ? listener.address.port : 0);

async function startPrometheus(folder: string, port: number): Promise<() => Promise<unknown>> {
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [
      {
        job_name: 'lvs-exporter',
        scheme: 'https',
        basic_auth: { username: 'prometheus', password: 's3cr3t' },
        tls_config: {
          ca_file: join(certificates, 'ca.pem'),
          cert_file: join(certificates, 'client.pem'),
          key_file: join(certificates, 'client.key'),
        },
        static_configs: [{ targets: [`127.0.0.1:${port}`] }],
      },
    ],
  };
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const prometheus = spawn(
    'prometheus',
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { stdio: 'ignore' },
  );
  const ended = once(prometheus, 'exit');
  return () => {
    prometheus.kill();
    return ended;
  };
}
