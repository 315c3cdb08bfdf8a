import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { leaveOutUnused, postponeBuiltins, requireBuiltins } from './bundle-plugins.ts';

/** A package of the npm registry that is in what is installed. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder below node_modules. */
  readonly directory: string;
}

/** What koffi loads by this name when it runs. It is not JavaScript. */
export const nativePackages = '@koromix/*';

/**
 * Bundles the built program with all that it imports into main.js, which starts in a third of the time that hundreds of
 * files take, and files beside it for what it imports only when it needs it. Resolves to the packages that are in them.
 */
export async function bundleProgram(repository: string, directory: string): Promise<BundledPackage[]> {
  const { metafile, outputFiles } = await build({
    entryPoints: [join(repository, 'dist', 'main.js')],
    outdir: directory,
    write: false,
    absWorkingDir: repository,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: [nativePackages],
    plugins: [leaveOutUnused(repository), postponeBuiltins, requireBuiltins],
    // Packages that are CommonJS ask for Node's own modules by require().
    banner: {
      js: "import { createRequire as createBundleRequire } from 'node:module';\nconst require = createBundleRequire(import.meta.url);",
    },
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    // The text of the program stays in memory. Names are kept: the log has them when something fails.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 120,
  });
  mkdirSync(directory, { recursive: true });
  // The line that names the interpreter would find another Node.js.
  for (const { path, text } of outputFiles) writeFileSync(path, toAscii(text.replace(/^#!.*\n/, '')));
  return listPackages(repository, Object.keys(metafile.inputs));
}

/** Of a text with any other character, V8 stores two bytes for each. esbuild leaves them in templates and expressions. */
function toAscii(program: string): string {
  return program.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function listPackages(repository: string, files: readonly string[]): BundledPackage[] {
  const directories = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(directories)].sort().map((path) => {
    const directory = join(repository, path);
    const { name, version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    return { name, version, directory };
  });
}
