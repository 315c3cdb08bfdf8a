import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificates, clientOf, createTlsFolder, getStatus, mutual, type TlsFolder } from './server.ts';

let tls: TlsFolder;

beforeEach(() => {
  tls = createTlsFolder();
});

afterEach(() => tls.remove());

const names = 'names';
const allCertificates = readdirSync(join(certificates, names))
  .filter((file) => file.endsWith('.pem') && file !== 'ca.pem')
  .map((file) => file.replace('.pem', ''));

/** The certificates that are let in, of all those with odd names, where so much is allowed. */
async function letIn(allowed: string): Promise<string[]> {
  const yaml = mutual.replace('ca.pem', join(names, 'ca.pem'));
  const port = await tls.serveWith(tls.configure(`${yaml}  client_allowed_sans: ${allowed}\n`));
  const seen: string[] = [];
  for (const name of allCertificates) {
    const client = clientOf(join(names, `${name}.pem`), join(names, 'client.key'));
    const status = await getStatus(port, client).catch(() => undefined);
    if (status === 200) seen.push(name);
  }
  return seen;
}

describe('the names in a certificate are compared whole:', () => {
  it.each([
    ['["prometheus.example"]', ['after-registered', 'after-x400', 'second']],
    ['["*.example"]', ['wildcard']],
    ['["DNS:prometheus.example"]', ['mail', 'uri']],
    ['["prometheus.example\\0.other.example"]', ['nul']],
    ['["other.example, DNS:prometheus.example"]', ['comma']],
    ['["10.0.0.1"]', ['mapped']],
    ['["::ffff:10.0.0.1", "<invalid length=5>", "\\u0430", "promеtheus.example", "prométheus.example"]', []],
    ['[]', []],
    ['[""]', []],
  ])('%s lets in %j', async (allowed, expected) => expect(await letIn(allowed)).toEqual(expected));
});

it.each(['RequestClientCert', 'VerifyClientCertIfGiven', 'RequireAndVerifyClientCert'])(
  'a client without a certificate has no allowed name: %s',
  async (policy) => {
    const yaml = mutual.replace('RequireAndVerifyClientCert', policy);
    const port = await tls.serveWith(tls.configure(`${yaml}  client_allowed_sans: ["prometheus.example"]\n`));
    await expect(getStatus(port)).rejects.toThrow();
    expect(await getStatus(port, clientOf('client.pem', 'client.key'))).toBe(200);
  },
);
