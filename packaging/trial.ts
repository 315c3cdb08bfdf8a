import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { runMachine } from '../lab/machine.ts';
import { isAllSeen, parseResult } from '../lab/results.ts';
import { makeCleanRoot } from './clean-root.ts';
import { buildPackage } from './package.ts';
import { readText } from './tree.ts';

// The life of the package on a clean Debian with systemd, in User Mode Linux: installed, used, upgraded, removed, purged.

const timeoutSeconds = 900;
const repository = join(import.meta.dirname, '..');
const print = (line: string) => process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-trial-'));
const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => interrupt.abort());

try {
  expectPrograms();
  const root = join(folder, 'root');
  const packages = join(folder, 'packages');
  await buildPackages(packages);
  bundleDriver(packages);
  print('trial: makes a clean Debian');
  makeCleanRoot(root, ['iproute2', 'iptables', 'keepalived', 'kmod', 'systemd']);
  if (!(await runTrial(root, packages))) throw new Error('Not everything was seen');
} catch (error) {
  process.stderr.write(`trial: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function expectPrograms(): void {
  const packages = { debootstrap: 'debootstrap', 'linux.uml': 'user-mode-linux' };
  const missing = Object.entries(packages).filter(([program]) => spawnSync('which', [program]).status !== 0);
  if (missing.length === 0) return;
  throw new Error(`The trial needs Debian packages: apt-get install ${missing.map(([, name]) => name).join(' ')}`);
}

/** The package, and a later version of it; node's program, too, for the time before it is installed. */
async function buildPackages(directory: string): Promise<void> {
  const { version } = JSON.parse(readText(repository, 'package.json'));
  const maintainer = 'Trial <lvs-exporter@users.noreply.github.com>';
  const release = { repository, maintainer, date: new Date(0), architecture: 'amd64', directory } as const;
  copyFileSync(await buildPackage({ ...release, version }), join(directory, 'first.deb'));
  const later = await buildPackage({ ...release, version: `${version}+later` });
  copyFileSync(later, join(directory, 'later.deb'));
  const extracted = join(directory, 'extracted');
  mkdirSync(extracted);
  execFileSync('dpkg-deb', ['--extract', later, extracted]);
  copyFileSync(join(extracted, 'usr/lib/lvs-exporter/node'), join(directory, 'node'));
}

function bundleDriver(directory: string): void {
  buildSync({
    entryPoints: [join(import.meta.dirname, 'trial-driver.ts')],
    outfile: join(directory, 'driver.mjs'),
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node24', logLevel: 'warning' },
  });
}

/** Whether the driver reported that it saw everything. */
async function runTrial(root: string, packages: string): Promise<boolean> {
  const init = [join(import.meta.dirname, 'trial-init.sh'), root, packages];
  const signal = AbortSignal.any([interrupt.signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
  let allSeen = false;
  for await (const line of runMachine({ init, folder, signal })) {
    print(line);
    allSeen ||= isAllSeen(parseResult(line));
  }
  return allSeen;
}
