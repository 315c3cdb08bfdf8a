import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkWebConfig } from '../../../src/http/web-config/check-files.ts';
import { openWebConfig } from '../../../src/http/web-config/store.ts';

const certificates = join(import.meta.dirname, '../../fixtures/tls');
const certificate = readFileSync(join(certificates, 'server.pem'), 'utf8');
const hash = '$2b$04$fVQTUJL0TcRiR/.RdcFGVOJ8fZZGK0amYXGRHp8YUu6pJj/21jiCi';
let folder: string;
let credentials: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-credentials-'));
  credentials = join(folder, 'credentials');
  mkdirSync(credentials);
  for (const name of ['server.pem', 'server.key']) copyFileSync(join(certificates, name), join(credentials, name));
  writeFileSync(join(credentials, 'alice'), `${hash}\n`);
});
afterEach(() => rmSync(folder, { recursive: true }));

function writeConfig(yaml: string): string {
  const file = join(folder, 'web.yml');
  writeFileSync(file, yaml);
  return file;
}

const everything = `
tls_server_config:
  cert_file: $CREDENTIALS_DIRECTORY/server.pem
  key_file: \${CREDENTIALS_DIRECTORY}/server.key
basic_auth_users:
  alice: $CREDENTIALS_DIRECTORY/alice
  bob: ${hash}
`;

describe('openWebConfig()', () => {
  it('reads certificate, key and password from the credentials of the service', () => {
    const store = openWebConfig(writeConfig(everything), credentials);
    expect(String(store.current().tls?.context.cert)).toBe(certificate);
    expect([...store.rules().users]).toEqual([
      ['alice', hash],
      ['bob', hash],
    ]);
  });

  it('reads a password again when its file changes', () => {
    const store = openWebConfig(writeConfig(everything), credentials);
    const before = store.rules();
    expect(store.rules()).toBe(before);
    const other = hash.replace('$04$', '$05$');
    writeFileSync(join(credentials, 'alice'), other);
    expect(store.rules().users.get('alice')).toBe(other);
  });

  it('reads the web configuration itself from the credentials, with files relative to them', () => {
    writeFileSync(join(credentials, 'web.yml'), 'tls_server_config: {cert_file: server.pem, key_file: server.key}');
    const { tls } = openWebConfig('$CREDENTIALS_DIRECTORY/web.yml', credentials).current();
    expect(String(tls?.context.cert)).toBe(certificate);
  });
});

describe('checkWebConfig()', () => {
  it('accepts what the exporter would start with', () => {
    const file = writeConfig(everything);
    expect(checkWebConfig(file, credentials)).toEqual({ isValid: true, line: `${file} SUCCESS` });
  });

  it.each([
    [
      'basic_auth_users: {alice: $CREDENTIALS_DIRECTORY/nobody}',
      /basic_auth_users\.alice: cannot read the file: ENOENT/,
    ],
    [
      'basic_auth_users: {alice: $CREDENTIALS_DIRECTORY/server.key}',
      /basic_auth_users\.alice: expected .* bcrypt hash/,
    ],
    ['basic_auth_users: {alice: secret}', /basic_auth_users\.alice: expected a bcrypt hash/],
    [
      'tls_server_config: {cert_file: $CREDENTIALS_DIRECTORY/x, key_file: y}',
      /cert_file: cannot read the file: ENOENT/,
    ],
    ['certificates: 5', /unknown key certificates/],
  ])('refuses %s', (yaml, reason) => {
    const { isValid, line } = checkWebConfig(writeConfig(yaml), credentials);
    expect({ isValid, line }).toEqual({ isValid: false, line: expect.stringMatching(reason) });
    expect(line).not.toContain('PRIVATE KEY');
  });

  it('names what is missing where there are no credentials', () => {
    expect(checkWebConfig(writeConfig(everything), undefined).line).toMatch(/LoadCredential=/);
  });
});
