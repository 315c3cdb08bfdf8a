import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Architecture, nodeVersion } from './architecture.ts';
import { bundleProgram } from './bundle.ts';
import type { Release } from './content.ts';
import { copyrightFile, type Licensed } from './copyright.ts';
import { readLicense } from './license.ts';
import { type RegistryPackage, unpackFromRegistry } from './registry.ts';
import { readText, type Tree } from './tree.ts';

const home = '/usr/lib/lvs-exporter';

/** Installs what `npm run build` built, koffi's native part and Node.js, with their licences. */
export async function installProgram(
  tree: Tree,
  { repository, version }: Release,
  { cpu, nodeIntegrity }: Architecture,
) {
  const bundled = await bundleProgram(repository, join(tree.root, home, 'dist'));
  tree.copy(join(repository, 'dist', 'assets'), `${home}/dist/assets`);
  tree.copy(join(repository, 'dist', 'revision'), `${home}/dist/revision`);
  tree.write(`${home}/package.json`, programManifest(repository, version));
  tree.copy(join(repository, 'dist', 'docs'), `${home}/dist/docs`, (path) => basename(path) !== 'images');
  tree.link(`${home}/dist/docs/images`, '../../../../share/lvs-exporter/docs/images');
  installKoffi(tree, repository, cpu);
  const node = installNode(tree, { name: `node-linux-${cpu}`, version: nodeVersion, integrity: nodeIntegrity });
  const charts = {
    title: 'uPlot, in /usr/lib/lvs-exporter/dist/assets/page.js',
    license: readLicense(join(repository, 'node_modules', 'uplot')),
  };
  tree.write('/usr/share/doc/lvs-exporter/copyright', copyrightFile(bundled, [charts, node]));
}

/** What the program reads of package.json. */
function programManifest(repository: string, version: string): string {
  const { name, license, type } = JSON.parse(readText(repository, 'package.json'));
  return `${JSON.stringify({ name, version, license, type }, undefined, 2)}\n`;
}

/** The binary for glibc, of the version that package-lock.json has, with its hash. Of musl there is none on Debian. */
function installKoffi(tree: Tree, repository: string, cpu: string): void {
  const path = `node_modules/@koromix/koffi-linux-${cpu}`;
  const { version, integrity } = JSON.parse(readText(repository, 'package-lock.json')).packages[path];
  unpack({ name: `@koromix/koffi-linux-${cpu}`, version, integrity }, (directory) => {
    tree.copy(directory, `${home}/${path}`, (file) => basename(file) !== `musl_${cpu}` && !file.endsWith('.md'));
  });
}

function installNode(tree: Tree, runtime: RegistryPackage): Licensed {
  return unpack(runtime, (directory) => {
    tree.copy(join(directory, 'bin', 'node'), `${home}/node`);
    return { title: `Node.js ${runtime.version}, in ${home}/node`, license: readLicense(directory) };
  });
}

function unpack<T>(what: RegistryPackage, use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'lvs-exporter-package-'));
  try {
    unpackFromRegistry(what, directory);
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
