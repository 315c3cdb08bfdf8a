import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BundledPackage, bundleProgram } from '../../packaging/bundle.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
let directory: string;
let file: string;
let packages: readonly BundledPackage[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'lvs-exporter-bundle-'));
  file = join(directory, 'dist', 'main.js');
  packages = await bundleProgram(repository, join(directory, 'dist'));
  // The program reads its version above its folder.
  copyFileSync(join(repository, 'package.json'), join(directory, 'package.json'));
});

afterAll(() => rmSync(directory, { recursive: true }));

describe('bundleProgram()', () => {
  it('writes a program of ASCII, of which V8 stores one byte for each character', () => {
    for (const name of readdirSync(join(directory, 'dist'))) {
      expect(readFileSync(join(directory, 'dist', name)).filter((byte) => byte > 0x7f)).toHaveLength(0);
    }
  });

  it('starts without what the service imports only when it needs it', () => {
    const names = startFiles('main.js');
    const text = [...names].map((name) => readFileSync(join(directory, 'dist', name), 'utf8')).join('');
    expect(names.size).toBeLessThan(readdirSync(join(directory, 'dist')).length);
    for (const lazy of ['ZodType', 'parseDocument', 'genSaltSync', 'SaxesParser']) expect(text).not.toContain(lazy);
  });

  it('has no package that is never used, and the others with their licences', () => {
    const names = packages.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['express', 'zod', 'yaml', 'bcryptjs', 'saxes', 'mime-db']));
    for (const unused of ['body-parser', 'iconv-lite', '@opentelemetry/api', 'thread-stream'])
      expect(names).not.toContain(unused);
  });

  it('starts without the modules of Node.js that it never uses, or only later', () => {
    const list = "process.on('exit', () => process.stderr.write(process.moduleLoadList.join()))";
    const options = ['--import', `data:text/javascript,${encodeURIComponent(list)}`, file, '--version'];
    // Without what the environment has Node.js load.
    const { stderr, status } = spawnSync(process.execPath, options, { encoding: 'utf8', env: {} });
    expect(status).toBe(0);
    expect(stderr).toContain('NativeModule http');
    for (const name of ['undici', 'crypto', 'https', 'tls', 'child_process', 'cluster']) {
      expect(stderr.split(',')).not.toContainEqual(expect.stringMatching(`^NativeModule (internal/deps/)?${name}\\b`));
    }
  });

  it('writes the texts that the built program writes', () => {
    const help = (program: string) => execFileSync(process.execPath, [program, '--help'], { encoding: 'utf8' });
    expect(help(file)).toBe(help(join(repository, 'dist', 'main.js')));
  });
});

/** The file and those that it imports before it runs. */
function startFiles(name: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  const text = readFileSync(join(directory, 'dist', name), 'utf8');
  for (const [, imported = ''] of text.matchAll(/(?:^|[;}\n])(?:import|export)\b[^"'();]*["']\.\/([^"']+)["']/g)) {
    startFiles(imported, found);
  }
  return found;
}
