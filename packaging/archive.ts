import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runtimeEnvironment, runtimeOptions } from './runtime-options.ts';

/** Installed below this folder, everything that a release has. */
const home = 'usr/lib/lvs-exporter';
const share = 'usr/share';

/**
 * Makes of the tree of a package the folder that a tarball has, as exporters of Prometheus have them: the program first,
 * then its licence. The whole folder can be put anywhere.
 */
export function layOutArchive(root: string, folder: string, repository: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, home), join(folder, 'lib'), { recursive: true, filter: (path) => !path.endsWith('docs/images') });
  const copies: Record<string, string> = {
    [`${share}/lvs-exporter/docs/images`]: 'lib/dist/docs/images',
    [`${share}/lvs-exporter/alerts`]: 'alerts',
    [`${share}/lvs-exporter/dashboards`]: 'dashboards',
    [`${share}/lvs-exporter/grafana.com`]: 'grafana.com',
    [`${share}/lvs-exporter/mixin.libsonnet`]: 'mixin.libsonnet',
    [`${share}/lvs-exporter/systemd`]: 'systemd',
    'usr/lib/systemd/system': 'systemd',
    [`${share}/bash-completion/completions/lvs-exporter`]: 'completions/lvs-exporter.bash',
    [`${share}/zsh/vendor-completions/_lvs-exporter`]: 'completions/_lvs-exporter',
    [`${share}/fish/vendor_completions.d/lvs-exporter.fish`]: 'completions/lvs-exporter.fish',
    [`${share}/man/man1/lvs-exporter.1.gz`]: 'lvs-exporter.1.gz',
    [`${share}/doc/lvs-exporter/copyright`]: 'NOTICE',
  };
  for (const [from, to] of Object.entries(copies)) cpSync(join(root, from), join(folder, to), { recursive: true });
  cpSync(join(repository, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'lvs-exporter'), wrapper, { mode: 0o755 });
}

const variables = Object.entries(runtimeEnvironment).map(([name, value]) => `export ${name}="\${${name}:-${value}}"`);

const wrapper = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
# More threads, as a file system that hangs holds those that read from it, and less memory at rest: see
# lib/dist/docs/performance.html.
${variables.join('\n')}
exec "$here/lib/node" --disable-sigusr1 ${runtimeOptions.join(' ')} "$here/lib/dist/main.js" "$@"
`;

/** Packs a folder: the same content gives the same bytes, independent of owner and time. */
export function packArchive(parent: string, name: string, file: string, date: Date): void {
  const part = `${file}.part`;
  writeFileSync(part, gzipSync(packTar(parent, [name], part, date), { level: 6 }));
  renameSync(part, file);
}

/** Returns a tar of what is at `names` below a folder, written to a file on the way. */
export function packTar(parent: string, names: readonly string[], file: string, date: Date): Buffer {
  const seconds = date.getTime() / 1000;
  const words = ['--sort=name', `--mtime=@${seconds}`, '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'];
  execFileSync('tar', [...words, '--mode=u=rwX,go=rX', '-cf', file, '-C', parent, ...names]);
  return readFileSync(file);
}

/** The files below a folder, as paths from it. */
export function listFiles(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1)).sort();
}
