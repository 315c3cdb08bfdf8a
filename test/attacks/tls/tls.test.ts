import { renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWebConfig } from '../../../src/http/web-config/store.ts';
import { openConnection } from '../../connection.ts';
import { clientOf, createTlsFolder, getStatus, mutual, pair, type TlsFolder } from './server.ts';

let tls: TlsFolder;

beforeEach(() => {
  tls = createTlsFolder();
});

afterEach(() => tls.remove());

it('half of a new pair lets no client in, and both halves do', async () => {
  const port = await tls.serveWith(tls.configure(pair));
  renameSync(join(tls.folder, 'stranger.pem'), join(tls.folder, 'server.pem'));
  await expect(getStatus(port)).rejects.toThrow();
  renameSync(join(tls.folder, 'stranger.key'), join(tls.folder, 'server.key'));
  expect(await getStatus(port, { rejectUnauthorized: false })).toBe(200);
});

it('every suite that is offered has forward secrecy', async () => {
  const { ciphers = '' } = openWebConfig(tls.configure(pair)).current().tls?.context ?? {};
  expect(ciphers.split(':').length).toBeGreaterThan(10);
  expect(ciphers.split(':').filter((suite) => !/^(ECDHE-|TLS_)/.test(suite))).toEqual([]);
  const port = await tls.serveWith(tls.configure(pair));
  const withoutSecrecy = 'AES128-GCM-SHA256:AES256-SHA:DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0';
  await expect(getStatus(port, { maxVersion: 'TLSv1.2', ciphers: withoutSecrecy })).rejects.toThrow();
});

describe('an empty file', () => {
  it.each(['ca.pem', '/dev/null'])(
    'in place of the authority, %s, lets no client in: Node.js trusts the public ones',
    async (name) => {
      writeFileSync(join(tls.folder, 'ca.pem'), '');
      const file = tls.configure(mutual.replace('ca.pem', name));
      expect(openWebConfig(file).current().tls?.context.ca).toMatch(/^\s+$/);
      await expect(getStatus(await tls.serveWith(file), clientOf('client.pem', 'client.key'))).rejects.toThrow();
    },
  );

  it.each(['/dev/null', 'empty.yml'])(
    'in place of the web configuration, %s, is one, as to exporter-toolkit',
    async (name) => {
      writeFileSync(join(tls.folder, 'empty.yml'), '');
      const port = await tls.serveWith(resolve(tls.folder, name));
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
  const port = await tls.serveWith(tls.configure(pair));
  const sockets = await Promise.all(Array.from({ length: 100 }, () => openConnection(port)));
  try {
    for (const socket of sockets) socket.resume().write(bytes);
    expect(await getStatus(port)).toBe(200);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});
