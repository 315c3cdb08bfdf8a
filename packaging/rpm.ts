import { execFileSync } from 'node:child_process';
import { cpSync, lutimesSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listFiles } from './archive.ts';
import { rpmSpec } from './rpm-spec.ts';

export interface RpmOptions {
  readonly version: string;
  /** As rpm names it: `x86_64`. */
  readonly architecture: string;
  readonly date: Date;
  /** The tree of the Debian package, without its control files. */
  readonly root: string;
  /** Where to put the package. */
  readonly directory: string;
}

/** Where Enterprise Linux has things that Debian has elsewhere. Undefined leaves a file out. */
const moves: Readonly<Record<string, string | undefined>> = {
  'usr/share/zsh/vendor-completions': 'usr/share/zsh/site-functions',
  'usr/share/lintian': undefined,
  'usr/share/doc/lvs-exporter/changelog.gz': undefined,
};

/** Builds the RPM package, and gives its path. The same tree, version and date give the same bytes. */
export function buildRpm({ version, architecture, date, root, directory }: RpmOptions): string {
  const work = mkdtempSync(join(tmpdir(), 'lvs-exporter-rpm-'));
  try {
    const tree = join(work, 'tree');
    cpSync(root, tree, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    rearrange(tree);
    const files = listFiles(tree);
    for (const file of files) lutimesSync(join(tree, file), date, date);
    const spec = join(work, 'lvs-exporter.spec');
    writeFileSync(spec, rpmSpec({ version, root: tree, files: files.map((file) => `/${file}`) }));
    runRpmbuild(work, spec, architecture, date);
    const name = `lvs-exporter-${version.replaceAll('-', '~')}-1.${architecture}.rpm`;
    mkdirSync(directory, { recursive: true });
    cpSync(join(work, 'RPMS', architecture, name), join(directory, name));
    return join(directory, name);
  } finally {
    rmSync(work, { recursive: true });
  }
}

function rearrange(tree: string): void {
  for (const [from, to] of Object.entries(moves)) {
    if (to === undefined) rmSync(join(tree, from), { recursive: true, force: true });
    else renameSync(join(tree, from), join(tree, to));
  }
}

function runRpmbuild(work: string, spec: string, architecture: string, date: Date): void {
  const words = ['-bb', '--quiet', '--target', `${architecture}-linux`, '--define', `_topdir ${work}`, spec];
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(date.getTime() / 1000) };
  execFileSync('rpmbuild', words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
}
