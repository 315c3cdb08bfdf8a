import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DebianArchitecture } from './architecture.ts';
import { buildRelease } from './build-release.ts';
import { readSigningKey } from './minisign.ts';
import { readText } from './tree.ts';

// A whole release, built twice: the same bytes, sums that are right, a signature that minisign verifies, and the npm
// package run by npx in a folder of its own.

const repository = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-release-trial-'));
const { version } = JSON.parse(readText(repository, 'package.json'));
const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const key = readSigningKey(pem);
const print = (line: string) => process.stdout.write(`${line}\n`);

try {
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  await build(first);
  const before = process.umask(0o077);
  await build(second);
  process.umask(before);
  expectSame(first, second);
  print(execFileSync('sha256sum', ['--check', '--strict', 'sha256sums.txt'], { cwd: first, encoding: 'utf8' }).trim());
  print(
    execFileSync('minisign', ['-Vm', 'sha256sums.txt', '-P', key.publicKey], { cwd: first, encoding: 'utf8' }).trim(),
  );
  runByNpx(join(first, `lvs-exporter-${version}.tgz`));
} catch (error) {
  process.stderr.write(`release:trial: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function build(directory: string): Promise<void> {
  const architectures: DebianArchitecture[] = ['amd64', 'arm64'];
  const maintainer = 'Trial <lvs-exporter@users.noreply.github.com>';
  const date = new Date('2026-01-02T03:04:05Z');
  const commit = '0'.repeat(40);
  return buildRelease({
    repository,
    version,
    maintainer,
    date,
    commit,
    architectures,
    directory,
    key,
    onProgress: print,
  });
}

function expectSame(first: string, second: string): void {
  const names = readdirSync(first).sort();
  const others = readdirSync(second).sort();
  const different = names.filter((name) => !readFileSync(join(first, name)).equals(readFileSync(join(second, name))));
  if (names.join() !== others.join() || different.length > 0) {
    throw new Error(`Expected two builds to be the same, these are not: ${different.join(', ') || others.join(', ')}`);
  }
  print(`The same twice: ${names.join(', ')}`);
}

function runByNpx(file: string): void {
  const words = ['--yes', '--prefix', folder, '--package', file, 'lvs-exporter', '--version'];
  const output = execFileSync('npx', words, { cwd: folder, encoding: 'utf8' });
  if (output !== `lvs-exporter ${version}\n`) throw new Error(`Expected version ${version}, got ${output}`);
  print(`npx: ${output.trim()}`);
}
