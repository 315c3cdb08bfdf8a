import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { extname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * What packages load when they start and this program never uses: parsers of request bodies, with half a megabyte of
 * character sets, and tracing. In place of each is an empty module.
 */
const unused = /^(body-parser|@opentelemetry\/api)$/;

/** Leaves out unused packages, and media types of files that the program does not serve. */
export function leaveOutUnused(repository: string): Plugin {
  const extensions = servedExtensions(repository);
  return {
    name: 'leave-out-unused',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'unused' }));
      onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
      onLoad({ filter: /\/mime-db\/db\.json$/ }, ({ path }) => ({
        contents: selectMediaTypes(readFileSync(path, 'utf8'), extensions),
        loader: 'json',
      }));
    },
  };
}

/** Those of the assets and documents, and of what is answered by name. */
function servedExtensions(repository: string): ReadonlySet<string> {
  const folders = ['assets', 'docs'].map((name) => join(repository, 'dist', name));
  const names = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }));
  return new Set(['html', 'txt', 'json', 'bin', ...names.map((name) => extname(name).slice(1))]);
}

function selectMediaTypes(database: string, extensions: ReadonlySet<string>): string {
  const types: Readonly<Record<string, { readonly extensions?: readonly string[] }>> = JSON.parse(database);
  const selected = Object.entries(types).filter(([, type]) => type.extensions?.some((one) => extensions.has(one)));
  return JSON.stringify(Object.fromEntries(selected));
}

/**
 * An import of a module of Node.js reads all that it exports, also what is loaded only then: `node:http` has a client of
 * WebSocket. require() reads none of it.
 */
export const requireBuiltins: Plugin = {
  name: 'require-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z:/_]+$/ }, ({ path, kind, namespace }) => {
      const isImport = kind === 'import-statement' && namespace === 'file';
      return isImport && isBuiltin(path) ? { path: path.replace(/^node:/, ''), namespace: 'builtin' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require('node:${path}');`,
      loader: 'js',
    }));
  },
};
