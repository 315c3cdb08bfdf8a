import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DebianArchitecture } from './architecture.ts';
import type { Component } from './bill-of-materials.ts';
import { findMirror } from './clean-root.ts';
import { createTree } from './tree.ts';

/** The packages with the libraries that Node.js and koffi load, and their licenses. */
const licenses: Readonly<Record<string, string>> = {
  libc6: 'LGPL-2.1-or-later',
  'libgcc-s1': 'GPL-3.0-or-later WITH GCC-exception-3.1',
  'libstdc++6': 'GPL-3.0-or-later WITH GCC-exception-3.1',
};
/** What the image needs of these packages: no character sets, no locales. */
const isLoaded = /^(lib(c|m|dl|pthread|rt|resolv|nss_(files|dns)|gcc_s|stdc\+\+)\.so\.[\d.]+|ld-linux-.*)$/;

/**
 * Puts the shared libraries of an architecture into a root, with their copyright files, from this machine's mirror of
 * Debian. `work` is an empty folder.
 */
export function installLibraries(root: string, architecture: DebianArchitecture, work: string): Component[] {
  const files = downloadPackages(architecture, work);
  return files.map((file) => {
    const unpacked = `${file}.root`;
    execFileSync('dpkg-deb', ['--extract', file, unpacked]);
    copyLibraries(unpacked, root);
    const [name = '', version = ''] = execFileSync('dpkg-deb', ['-W', file], { encoding: 'utf8' }).trim().split('\t');
    return { name, version, license: licenses[name] ?? 'NOASSERTION', debianArchitecture: architecture };
  });
}

/** With lists of its own: apt of this machine need not have the architecture. */
function downloadPackages(architecture: DebianArchitecture, work: string): string[] {
  const { codename, mirror } = findMirror();
  for (const folder of ['lists/partial', 'archives/partial']) mkdirSync(join(work, folder), { recursive: true });
  const list = join(work, 'sources.list');
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(list, `deb [signed-by=${keyring}] ${mirror} ${codename} main\n`);
  const settings = {
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::Lists': join(work, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': work,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const apt = (...words: string[]) =>
    execFileSync('apt-get', [...options, ...words], { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] });
  apt('update', '-qq');
  apt('download', '-qq', ...Object.keys(licenses));
  const names = readdirSync(work).filter((name) => name.endsWith('.deb'));
  return names.sort().map((name) => join(work, name));
}

function copyLibraries(from: string, root: string): void {
  const tree = createTree(root);
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isCopyright = entry.name === 'copyright';
    if (isCopyright || (isLoaded.test(entry.name) && !entry.isDirectory())) tree.copy(path, path.slice(from.length));
  }
}
