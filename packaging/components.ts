import { architectures, nodeVersion } from './architecture.ts';
import type { Component } from './bill-of-materials.ts';
import { readText } from './tree.ts';

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/** What is in a release, by the lock file: what the program imports, koffi's binaries, the charts, Node.js. */
export function listComponents(repository: string): Component[] {
  const { packages } = JSON.parse(readText(repository, 'package-lock.json')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const cpus = Object.values(architectures).map(({ cpu }) => cpu);
  const isIn = (path: string, { dev = false, optional = false }: LockedPackage) =>
    path === 'node_modules/uplot' ||
    (path !== '' && !dev && (!optional || cpus.some((cpu) => path.endsWith(`koffi-linux-${cpu}`))));
  const locked = Object.entries(packages).filter(([path, one]) => isIn(path, one));
  const all = [
    ...locked.map(([path, { version, license = 'NOASSERTION' }]) => ({ name: nameOf(path), version, license })),
    ...cpus.map((cpu) => ({ name: `node-linux-${cpu}`, version: nodeVersion, license: 'MIT' })),
  ];
  // One version may be in several places.
  return [...new Map(all.map((one) => [`${one.name}@${one.version}`, one])).values()];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
