import { writeFile } from 'node:fs/promises';
import { metricsDocument } from './metrics-document.ts';

/** Every generated file, by its path from the root, with what it should hold. */
export const generated: Readonly<Record<string, () => string>> = {
  'docs/metrics.md': metricsDocument,
};

if (import.meta.url === `file://${process.argv[1]}`) {
  for (const [path, make] of Object.entries(generated)) {
    await writeFile(new URL(`../${path}`, import.meta.url), make());
  }
}
