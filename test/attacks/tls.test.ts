import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listener, listenOnAll } from '../../src/http/listen.ts';
import { openWebConfig } from '../../src/http/web-config/store.ts';
import { webServers } from '../../src/http/web-server.ts';
import { createLog } from '../../src/log/log.ts';

const certificates = fileURLToPath(new URL('../fixtures/tls', import.meta.url));
const pair = 'tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n';
const mutual = `${pair}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n`;

let folder: string;
let listeners: Listener[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-tls-'));
  cpSync(certificates, folder, { recursive: true });
  listeners = [];
});

afterEach(async () => {
  await Promise.all(listeners.map((listener) => listener.close()));
  rmSync(folder, { recursive: true });
});

/** Serves with a web configuration file; gives the port. */
async function serveWith(webConfigFile: string): Promise<number> {
  const log = createLog({ level: 'error', format: 'json', write: () => undefined });
  const servers = await webServers((_request, response) => response.end('served'), { webConfigFile, log });
  listeners.push(...(await listenOnAll([{ host: '127.0.0.1', port: 0 }], servers)));
  const address = listeners.at(-1)?.address;
  return address && 'port' in address ? address.port : 0;
}

function configure(yaml: string): string {
  const file = join(folder, 'web.yml');
  writeFileSync(file, yaml);
  return file;
}

/** The status of an answer over TLS; rejects for a client that is not let in. */
async function getStatus(port: number, options: RequestOptions = {}): Promise<number | undefined> {
  const ca = readFileSync(join(certificates, 'ca.pem'));
  return await new Promise((done, reject) => {
    const asked = request({ host: '127.0.0.1', port, ca, agent: false, ...options }, (answer) => {
      answer.resume().on('end', () => done(answer.statusCode));
    });
    asked.on('error', reject).end();
  });
}

const client = () => ({
  cert: readFileSync(join(certificates, 'client.pem')),
  key: readFileSync(join(certificates, 'client.key')),
});

it('half of a new pair lets no client in, and both halves do', async () => {
  const port = await serveWith(configure(pair));
  renameSync(join(folder, 'stranger.pem'), join(folder, 'server.pem'));
  await expect(getStatus(port)).rejects.toThrow();
  renameSync(join(folder, 'stranger.key'), join(folder, 'server.key'));
  expect(await getStatus(port, { rejectUnauthorized: false })).toBe(200);
});

it('every suite that is offered has forward secrecy', async () => {
  const { ciphers = '' } = openWebConfig(configure(pair)).current().tls?.context ?? {};
  expect(ciphers.split(':').length).toBeGreaterThan(10);
  expect(ciphers.split(':').filter((suite) => !/^(ECDHE-|TLS_)/.test(suite))).toEqual([]);
  const port = await serveWith(configure(pair));
  const withoutSecrecy = 'AES128-GCM-SHA256:AES256-SHA:DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0';
  await expect(getStatus(port, { maxVersion: 'TLSv1.2', ciphers: withoutSecrecy })).rejects.toThrow();
});

describe('an empty file', () => {
  it.each(['ca.pem', '/dev/null'])(
    'in place of the authority, %s, lets no client in: Node.js trusts the public ones',
    async (name) => {
      writeFileSync(join(folder, 'ca.pem'), '');
      const file = configure(mutual.replace('ca.pem', name));
      expect(openWebConfig(file).current().tls?.context.ca).toMatch(/^\s+$/);
      await expect(getStatus(await serveWith(file), client())).rejects.toThrow();
    },
  );

  it.each(['/dev/null', 'empty.yml'])(
    'in place of the web configuration, %s, is one, as to exporter-toolkit',
    async (name) => {
      writeFileSync(join(folder, 'empty.yml'), '');
      const port = await serveWith(resolve(folder, name));
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('served');
    },
  );
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['a handshake that stops', Buffer.from('1603010200010001fc0303', 'hex')],
  ['one that has no end', Buffer.concat([Buffer.from('1603014000', 'hex'), Buffer.alloc(0x4000)])],
  ['no TLS', Buffer.from('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n')],
])('100 connections that begin with %s cost no client its answer', async (_what, bytes) => {
  const port = await serveWith(configure(pair));
  const sockets = Array.from({ length: 100 }, () =>
    connect(port, '127.0.0.1')
      .on('error', () => undefined)
      .resume(),
  );
  try {
    await Promise.all(sockets.map(async (socket) => once(socket, 'connect')));
    for (const socket of sockets) socket.write(bytes);
    expect(await getStatus(port)).toBe(200);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});
