import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RegistryPackage {
  readonly name: string;
  readonly version: string;
  /** Subresource integrity: `sha512-` and the hash in base64. */
  readonly integrity: string;
}

/**
 * Downloads a package from the npm registry and unpacks it into a folder. npm keeps what it downloaded, so a second time
 * takes no network.
 *
 * @throws Error when the package does not have its hash.
 */
export function unpackFromRegistry({ name, version, integrity }: RegistryPackage, directory: string): void {
  const download = mkdtempSync(join(tmpdir(), 'lvs-exporter-download-'));
  try {
    const words = ['pack', `${name}@${version}`, '--silent', '--prefer-offline', '--pack-destination', download];
    const file = join(download, execFileSync('npm', words, { encoding: 'utf8' }).trim());
    expectIntegrity(file, `${name}@${version}`, integrity);
    mkdirSync(directory, { recursive: true });
    execFileSync('tar', ['-xzf', file, '-C', directory, '--strip-components=1', '--no-same-owner']);
  } finally {
    rmSync(download, { recursive: true });
  }
}

export function expectIntegrity(file: string, what: string, expected: string): void {
  const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  if (found !== expected) throw new Error(`Expected ${what} to have the hash ${expected}, got ${found}`);
}
