import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, type Dirent, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { architectures, type DebianArchitecture } from './architecture.ts';
import { installContent, type Release } from './content.ts';
import { controlFile } from './control.ts';
import { installProgram } from './program.ts';
import { createTree, type Tree } from './tree.ts';

export interface PackageOptions extends Release {
  readonly architecture: DebianArchitecture;
  /** Where to put the package. */
  readonly directory: string;
}

/**
 * Builds the Debian package from what `npm run build` built, and resolves to its path. The same sources, version, date
 * and maintainer give the same bytes.
 */
export async function buildPackage(options: PackageOptions): Promise<string> {
  const { version, architecture, directory, date } = options;
  const tree = createTree(mkdtempSync(join(tmpdir(), 'lvs-exporter-root-')));
  try {
    await installProgram(tree, options, architectures[architecture]);
    installContent(tree, options);
    addControl(tree, options);
    setModes(tree.root);
    mkdirSync(directory, { recursive: true });
    const file = join(directory, `lvs-exporter_${version}_${architecture}.deb`);
    pack(tree.root, file, date);
    return file;
  } finally {
    rmSync(tree.root, { recursive: true });
  }
}

const scripts = ['postinst', 'prerm', 'postrm'];

function addControl(tree: Tree, { version, architecture, maintainer }: PackageOptions): void {
  const files = listFiles(tree.root);
  const installedSize = Math.ceil(files.reduce((sum, { size }) => sum + size, 0) / 1024);
  tree.write('/DEBIAN/md5sums', files.map(({ path, md5 }) => `${md5}  ${path}\n`).join(''));
  tree.write('/DEBIAN/conffiles', '/etc/default/lvs-exporter\n');
  tree.write('/DEBIAN/control', controlFile({ version, architecture, maintainer, installedSize }));
  for (const script of scripts) {
    tree.copy(join(import.meta.dirname, script), `/DEBIAN/${script}`);
  }
}

function listFiles(root: string) {
  const files = listEntries(root).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => {
    const content = readFileSync(join(parentPath, name));
    const md5 = createHash('md5').update(content).digest('hex');
    return { path: join(relative(root, parentPath), name), size: content.length, md5 };
  });
}

/** Everything below a folder, in an order that is always the same. Links are not followed. */
function listEntries(root: string): Dirent[] {
  const place = ({ parentPath, name }: Dirent) => join(parentPath, name);
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return entries.sort((one, other) => (place(one) < place(other) ? -1 : 1));
}

const executables = ['usr/bin/lvs-exporter', 'usr/lib/lvs-exporter/node', ...scripts.map((name) => `DEBIAN/${name}`)];

/** Gives everything the mode that it has in the package, whatever it is in the working copy. */
function setModes(root: string): void {
  for (const entry of listEntries(root)) {
    const place = join(entry.parentPath, entry.name);
    const isExecutable = executables.includes(relative(root, place));
    if (!entry.isSymbolicLink()) chmodSync(place, entry.isDirectory() || isExecutable ? 0o755 : 0o644);
  }
  chmodSync(root, 0o755);
}

/** gzip, because a package of this size takes xz a minute, and dpkg before Debian 12 does not read zstd. */
function pack(root: string, file: string, date: Date): void {
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', '-Zgzip', '-z6', root, file], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(date.getTime() / 1000) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
