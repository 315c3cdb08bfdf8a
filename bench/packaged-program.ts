import { copyFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { bundleProgram } from '../packaging/bundle.ts';
import { runtimeEnvironment } from '../packaging/runtime-options.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** As the packages start Node.js. */
export const environment = { ...process.env, ...runtimeEnvironment };

/** The bundle with what it needs beside it, as the packages have it. Resolves to its path. */
export async function layOut(folder: string): Promise<string> {
  await bundleProgram(repository, join(folder, 'dist'));
  copyFileSync(join(repository, 'package.json'), join(folder, 'package.json'));
  cpSync(join(repository, 'node_modules', '@koromix'), join(folder, 'node_modules', '@koromix'), { recursive: true });
  for (const name of ['assets', 'docs', 'revision']) {
    cpSync(join(repository, 'dist', name), join(folder, 'dist', name), { recursive: true });
  }
  return join(folder, 'dist', 'main.js');
}
