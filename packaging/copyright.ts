import type { BundledPackage } from './bundle.ts';
import { readLicense } from './license.ts';

export interface Licensed {
  readonly title: string;
  readonly license: string;
}

/** /usr/share/doc/lvs-exporter/copyright: the licence of the program, and those of all that comes with it. */
export function copyrightFile(bundled: readonly BundledPackage[], others: readonly Licensed[]): string {
  const packages = bundled.map(({ name, version, directory }) => ({
    title: `${name} ${version}, in /usr/lib/lvs-exporter/dist/main.js`,
    license: readLicense(directory),
  }));
  return `lvs-exporter is Copyright the lvs-exporter authors, and under the Apache License, Version 2.0. On Debian systems its
text is in /usr/share/common-licenses/Apache-2.0.

It comes with the works below, each under the licence that stands beneath its name.
${[...others, ...packages].map(section).join('')}`;
}

function section({ title, license }: Licensed): string {
  return `\n${'='.repeat(title.length)}\n${title}\n${'='.repeat(title.length)}\n\n${license}\n`;
}
