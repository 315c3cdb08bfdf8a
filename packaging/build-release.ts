import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { architectures, type DebianArchitecture } from './architecture.ts';
import { layOutArchive, packArchive, packTar } from './archive.ts';
import { billOfMaterials, type Component } from './bill-of-materials.ts';
import { listComponents } from './components.ts';
import { minisign, type SigningKey } from './minisign.ts';
import { addImage } from './oci-image.ts';
import { OciLayout } from './oci-layout.ts';
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
  const work = mkdtempSync(join(tmpdir(), 'lvs-exporter-release-'));
  try {
    const layout = new OciLayout(join(work, 'image'));
    const libraries: Component[] = [];
    for (const architecture of options.architectures) {
      onProgress(`builds the packages and the image of ${architecture}`);
      libraries.push(...(await buildFor(architecture, options, join(work, architecture), layout)));
    }
    packImage(layout, work, options);
    packChart(work, options);
    onProgress('builds the npm package');
    packNpm(options);
    writeStatements(options, libraries);
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function buildFor(
  architecture: DebianArchitecture,
  options: ReleaseOptions,
  work: string,
  layout: OciLayout,
): Promise<Component[]> {
  const { repository, version, date, directory } = options;
  const deb = await buildPackage({ ...options, architecture });
  const root = join(work, 'root');
  mkdirSync(root, { recursive: true });
  execFileSync('dpkg-deb', ['--extract', deb, root]);
  const name = `lvs-exporter-${version}.linux-${architecture}`;
  layOutArchive(root, join(work, name), repository);
  packArchive(work, name, join(directory, `${name}.tar.gz`), date);
  buildRpm({ version, architecture: architectures[architecture].rpm, date, root, directory });
  return addImage(layout, { ...options, architecture, root });
}

/** One tar of the layout of all architectures, as `podman load`, `ctr images import` and skopeo read it. */
function packImage(layout: OciLayout, work: string, { version, directory, date }: ReleaseOptions): void {
  layout.finish(`lvs-exporter:${version}`);
  const file = join(directory, `lvs-exporter-${version}.oci.tar`);
  packTar(join(work, 'image'), ['blobs', 'index.json', 'oci-layout'], file, date);
}

/** With the files that links in the chart lead to. */
function packChart(work: string, { repository, version, directory, date }: ReleaseOptions): void {
  const charts = join(work, 'charts');
  cpSync(join(repository, 'charts', 'lvs-exporter'), join(charts, 'lvs-exporter'), {
    recursive: true,
    dereference: true,
  });
  packArchive(charts, 'lvs-exporter', join(directory, `lvs-exporter-chart-${version}.tgz`), date);
}

function packNpm({ repository, directory }: ReleaseOptions): void {
  const words = ['pack', '--silent', '--ignore-scripts', '--pack-destination', directory];
  execFileSync('npm', words, { cwd: repository, stdio: ['ignore', 'ignore', 'inherit'] });
}

function writeStatements(options: ReleaseOptions, libraries: readonly Component[]): void {
  const { repository, directory, version, key } = options;
  const components = [...listComponents(repository), ...libraries];
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
