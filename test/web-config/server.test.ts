import { chmod, cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashSync } from 'bcryptjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listener, listenOnAll } from '../../src/http/listen.ts';
import { webServers } from '../../src/http/web-server.ts';
import { createLog } from '../../src/log/log.ts';
import { logMessages } from '../../src/log/messages.ts';

const certificates = fileURLToPath(new URL('../fixtures/tls', import.meta.url));
const pair = 'tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n';
const mutual = `${pair}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n`;
const app: RequestListener = (_request, response) => response.end('served');

let folder: string;
let logged: Record<string, unknown>[];
let listeners: Listener[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvs-exporter-web-'));
  await cp(certificates, folder, { recursive: true });
  [logged, listeners] = [[], []];
});

afterEach(async () => {
  await Promise.all(listeners.map((listener) => listener.close()));
  await rm(folder, { recursive: true });
});

const configure = (yaml: string) => writeFile(join(folder, 'web.yml'), yaml);

/** Serves with a web configuration; gives the port. */
async function serve(yaml: string): Promise<number> {
  await configure(yaml);
  const log = createLog({ level: 'debug', format: 'json', write: (line) => logged.push(JSON.parse(line)) });
  const create = await webServers(app, { webConfigFile: join(folder, 'web.yml'), log });
  listeners = await listenOnAll([{ host: '127.0.0.1', port: 0 }], create);
  const [listener] = listeners;
  return listener && 'port' in listener.address ? listener.address.port : 0;
}

interface Client {
  readonly certificate?: string;
  readonly maxVersion?: 'TLSv1.1' | 'TLSv1.2';
  readonly ciphers?: string;
}

/** GET over TLS by a client that trusts the server's authority. Rejects when it is not let in. */
async function getSecurely(port: number, { certificate, ...tls }: Client = {}): Promise<string> {
  const own = certificate && {
    cert: await readFile(join(certificates, `${certificate}.pem`)),
    key: await readFile(join(certificates, `${certificate}.key`)),
  };
  const ca = await readFile(join(certificates, 'ca.pem'));
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, ca, agent: false, ...own, ...tls }, (response) => {
      let body = '';
      response.on('data', (data) => {
        body += data;
      });
      response.on('end', () => resolve(`${response.statusCode} ${body}`));
    })
      .on('error', reject)
      .end();
  });
}

const get = (port: number, init?: RequestInit) => fetch(`http://127.0.0.1:${port}/metrics`, init);
const as = (user: string, password: string) => ({
  headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
});

describe('TLS', () => {
  it('warns of a private key that every user of the machine can read, where it starts', async () => {
    await chmod(join(folder, 'server.key'), 0o644);
    await serve(pair);
    const warnings = logged.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ file }) => file)).toEqual([join(folder, 'server.key')]);
  });

  it('warns of a web configuration with a private key that every user of the machine can read', async () => {
    const indent = async (file: string) => (await readFile(join(certificates, file), 'utf8')).replaceAll(/^/gm, '    ');
    await configure('');
    await chmod(join(folder, 'web.yml'), 0o644);
    await serve(`tls_server_config:\n  cert_file: server.pem\n  key: |\n${await indent('server.key')}`);
    const warnings = logged.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ file }) => file)).toEqual([join(folder, 'web.yml')]);
  });

  it('does not warn of one that its owner and group alone can read', async () => {
    await chmod(join(folder, 'server.key'), 0o640);
    await serve(pair);
    expect(logged.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('serves over TLS 1.2 and 1.3, and not over what is older, nor without TLS', async () => {
    const port = await serve(pair);
    expect(await getSecurely(port)).toBe('200 served');
    expect(await getSecurely(port, { maxVersion: 'TLSv1.2' })).toBe('200 served');
    await expect(getSecurely(port, { maxVersion: 'TLSv1.1' })).rejects.toThrow();
    await expect(get(port)).rejects.toThrow();
  });

  it('takes certificate and key from the file itself', async () => {
    const indented = async (file: string) =>
      (await readFile(join(certificates, file), 'utf8')).replaceAll(/^/gm, '    ');
    const inline = `  cert: |\n${await indented('server.pem')}\n  key: |\n${await indented('server.key')}\n`;
    expect(await getSecurely(await serve(`tls_server_config:\n${inline}`))).toBe('200 served');
  });

  it('keeps to the cipher suites and curves that it was given', async () => {
    const some = '  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]\n  curve_preferences: [CurveP256]\n';
    const port = await serve(`${pair}${some}  max_version: TLS12\n`);
    expect(await getSecurely(port, { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })).toBe('200 served');
    await expect(getSecurely(port, { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' })).rejects.toThrow();
  });

  it.each([
    ['NoClientCert', { none: true, client: true, stranger: true }],
    ['RequestClientCert', { none: true, client: true, stranger: true }],
    ['RequireAnyClientCert', { none: false, client: true, stranger: true }],
    ['VerifyClientCertIfGiven', { none: true, client: true, stranger: false }],
    ['RequireAndVerifyClientCert', { none: false, client: true, stranger: false }],
  ])('%s admits the clients that it names', async (policy, expected) => {
    const authority = policy === 'NoClientCert' ? '' : '  client_ca_file: ca.pem\n';
    const port = await serve(`${pair}  client_auth_type: ${policy}\n${authority}`);
    const isLetIn = (certificate?: string) =>
      getSecurely(port, certificate === undefined ? {} : { certificate }).then(
        () => true,
        () => false,
      );
    const seen = { none: await isLetIn(), client: await isLetIn('client'), stranger: await isLetIn('stranger') };
    expect(seen).toEqual(expected);
  });

  it.each([
    ['prometheus.example', true],
    ['2001:db8::1', true],
    ['ops@example.org', true],
    ['prometheus.example.org', false],
  ])('lets a client in by the name %s: %s', async (name, isLetIn) => {
    const answer = getSecurely(await serve(`${mutual}  client_allowed_sans: [other, "${name}"]\n`), {
      certificate: 'client',
    });
    await (isLetIn ? expect(answer).resolves.toBe('200 served') : expect(answer).rejects.toThrow());
  });

  it('uses a certificate that was replaced, for the next connection', async () => {
    const port = await serve(pair);
    expect(await getSecurely(port)).toBe('200 served');
    await rename(join(folder, 'stranger.pem'), join(folder, 'server.pem'));
    await rename(join(folder, 'stranger.key'), join(folder, 'server.key'));
    await expect(getSecurely(port)).rejects.toThrow(/self-signed certificate/);
  });

  it('refuses every client while the configuration is broken, logs the reason once, and recovers', async () => {
    const port = await serve(pair);
    await configure(`${pair}  oops: 1\n`);
    await expect(getSecurely(port)).rejects.toThrow();
    await configure(pair);
    expect(await getSecurely(port)).toBe('200 served');
  });

  it('refuses a connection from before certificates were required', async () => {
    const port = await serve(pair);
    await configure(mutual);
    await expect(getSecurely(port, { certificate: 'client' })).rejects.toThrow();
    expect(logged).toContainEqual(
      expect.objectContaining({ reason: 'a new client_auth_type takes effect after a restart' }),
    );
  });

  it.each([
    [
      'no certificate file',
      'tls_server_config:\n  cert_file: none.pem\n  key_file: server.key\n',
      /cert_file: .*none\.pem/,
    ],
    ['a key of another certificate', pair.replace('server.key', 'client.key'), /certificate and key do not work/],
    ['an empty key', pair.replace('server.key', '/dev/null'), /certificate and key do not work: the key is empty/],
    ['an empty certificate', pair.replace('server.pem', '/dev/null'), /do not work: the certificate is empty/],
    ['a file that is no key', pair.replace('server.key', 'server.pem'), /certificate and key do not work/],
  ])('does not start with %s', async (_what, yaml, message) => {
    await expect(serve(yaml)).rejects.toThrow(message);
  });
});

it('names a web configuration that is not there', async () => {
  const log = createLog({ level: 'error', format: 'json', write: () => undefined });
  await expect(webServers(app, { webConfigFile: '/nowhere/web.yml', log })).rejects.toThrow(
    "Cannot read the web configuration: ENOENT: no such file or directory, open '/nowhere/web.yml'",
  );
});

describe('passwords', () => {
  const users = `basic_auth_users:\n  alice: ${hashSync('right', 4)}\n`;

  it('admits users with the right password', async () => {
    const port = await serve(users);
    expect(await (await get(port, as('alice', 'right'))).text()).toBe('served');
    const refused = await Promise.all(
      [{}, as('alice', 'wrong'), as('bob', 'right'), { headers: { authorization: 'Basic !' } }].map((init) =>
        get(port, init),
      ),
    );
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(refused[0]?.headers.get('www-authenticate')).toBe('Basic');
  });

  it('follows a change of the file', async () => {
    const port = await serve(users);
    await configure(`basic_auth_users:\n  alice: ${hashSync('changed', 4)}\n`);
    expect((await get(port, as('alice', 'right'))).status).toBe(401);
    expect((await get(port, as('alice', 'changed'))).status).toBe(200);
  });

  it('serves no request while the file is broken, logs it once, and recovers', async () => {
    const port = await serve(users);
    await configure('basic_auth_users: 5');
    expect((await get(port, as('alice', 'right'))).status).toBe(500);
    expect((await get(port)).status).toBe(500);
    await configure(users);
    expect((await get(port, as('alice', 'right'))).status).toBe(200);
    expect(logged.map(({ msg }) => msg)).toEqual([logMessages.webConfigFailed, logMessages.webConfigReadAgain]);
  });
});

it('adds the headers, limits the rate', async () => {
  const headers =
    'http_server_config:\n  headers:\n    Strict-Transport-Security: max-age=1\n    X-XSS-Protection: 1\n';
  const port = await serve(`${headers}rate_limit:\n  interval: 1h\n  burst: 1\n`);
  const first = await get(port);
  expect([first.status, first.headers.get('strict-transport-security'), first.headers.get('x-xss-protection')]).toEqual(
    [200, 'max-age=1', '1'],
  );
  expect((await get(port)).status).toBe(429);
});
