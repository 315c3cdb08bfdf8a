import { copyFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { bundleProgram } from './bundle.ts';

/** Writes the bundle of what `npm run build` built, with what it needs beside it. Resolves to the path of the program. */
export async function layOut(repository: string, folder: string): Promise<string> {
  await bundleProgram(repository, join(folder, 'dist'));
  copyFileSync(join(repository, 'package.json'), join(folder, 'package.json'));
  cpSync(join(repository, 'node_modules', '@koromix'), join(folder, 'node_modules', '@koromix'), { recursive: true });
  for (const name of ['assets', 'docs', 'revision']) {
    cpSync(join(repository, 'dist', name), join(folder, 'dist', name), { recursive: true });
  }
  return join(folder, 'dist', 'main.js');
}
