import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { architectures, type DebianArchitecture } from './architecture.ts';
import { layOutArchive, packArchive } from './archive.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { listComponents } from './components.ts';
import { minisign, type SigningKey } from './minisign.ts';
import { buildPackage } from './package.ts';
import { provenance } from './provenance.ts';
import { buildRpm } from './rpm.ts';

export interface ReleaseOptions {
  readonly repository: string;
  readonly version: string;
  readonly maintainer: string;
  readonly date: Date;
  readonly commit: string;
  readonly architectures: readonly DebianArchitecture[];
  /** Where everything goes: an empty folder, or one that is not there. */
  readonly directory: string;
  readonly key: SigningKey | undefined;
  readonly onProgress: (doing: string) => void;
}

/** Builds everything that a release has, from what `npm run build` built. */
export async function buildRelease(options: ReleaseOptions): Promise<void> {
  const { directory, onProgress } = options;
  mkdirSync(directory, { recursive: true });
  if (readdirSync(directory).length > 0) throw new Error(`Expected ${directory} to be empty`);
  for (const architecture of options.architectures) {
    onProgress(`builds the packages of ${architecture}`);
    await buildFor(architecture, options);
  }
  onProgress('builds the npm package');
  packNpm(options);
  writeStatements(options);
}

async function buildFor(architecture: DebianArchitecture, options: ReleaseOptions): Promise<void> {
  const { repository, version, date, directory } = options;
  const deb = await buildPackage({ ...options, architecture });
  const work = mkdtempSync(join(tmpdir(), 'lvs-exporter-release-'));
  try {
    const root = join(work, 'root');
    execFileSync('dpkg-deb', ['--extract', deb, root]);
    const name = `lvs-exporter-${version}.linux-${architecture}`;
    layOutArchive(root, join(work, name), repository);
    packArchive(work, name, join(directory, `${name}.tar.gz`), date);
    buildRpm({ version, architecture: architectures[architecture].rpm, date, root, directory });
  } finally {
    rmSync(work, { recursive: true });
  }
}

function packNpm({ repository, directory }: ReleaseOptions): void {
  const words = ['pack', '--silent', '--ignore-scripts', '--pack-destination', directory];
  execFileSync('npm', words, { cwd: repository, stdio: ['ignore', 'ignore', 'inherit'] });
}

function writeStatements(options: ReleaseOptions): void {
  const { repository, directory, version, key } = options;
  const components = listComponents(repository);
  const write = (name: string, content: unknown) =>
    writeFileSync(join(directory, name), `${JSON.stringify(content, undefined, 2)}\n`);
  write(`lvs-exporter-${version}.cdx.json`, billOfMaterials({ ...options, components }));
  const files = readdirSync(directory).sort();
  const sums = files.map((name) => [name, sha256(join(directory, name))] as const);
  write(`lvs-exporter-${version}.provenance.json`, provenance({ ...options, files: sums, components }));
  const named = [...sums, [`lvs-exporter-${version}.provenance.json`, undefined] as const];
  const lines = named.map(([name, sum]) => `${sum ?? sha256(join(directory, name))}  ${basename(name)}\n`);
  const content = Buffer.from(lines.join(''));
  writeFileSync(join(directory, 'sha256sums.txt'), content);
  if (key === undefined) return;
  writeFileSync(join(directory, 'sha256sums.txt.minisig'), minisign(key, content, `lvs-exporter ${version}`));
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
