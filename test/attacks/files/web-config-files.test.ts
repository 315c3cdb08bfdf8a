import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWebConfig } from '../../../src/http/web-config/store.ts';

const certificates = fileURLToPath(new URL('../../fixtures/tls', import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-web-config-'));
  for (const name of ['server.pem', 'server.key', 'ca.pem']) copyFileSync(join(certificates, name), join(folder, name));
  writeFileSync(
    join(folder, 'web.yml'),
    'tls_server_config: { cert_file: server.pem, key_file: server.key, client_ca_file: ca.pem, client_auth_type: RequireAndVerifyClientCert }\n',
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

const plants: readonly (readonly [string, (path: string) => void])[] = [
  ['a FIFO', (path) => execFileSync('mkfifo', [path])],
  ['a device', (path) => symlinkSync('/dev/zero', path)],
  ['a sparse file of 1 GB', (path) => writeFileSync(path, '') ?? truncateSync(path, 2 ** 30)],
];

describe.each(plants)('%s is refused at once, with an error that names it,', (_what, plant) => {
  it.each(['web.yml', 'server.pem', 'server.key', 'ca.pem'])('in place of %s', (name) => {
    const store = openWebConfig(join(folder, 'web.yml'));
    expect(store.current().tls?.clients.policy).toBe('RequireAndVerifyClientCert');
    rmSync(join(folder, name));
    plant(join(folder, name));
    expect(() => store.current()).toThrow(name);
  });
});
