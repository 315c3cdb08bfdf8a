import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { extname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * What packages load when they start and this program never uses: parsers of request bodies, with half a megabyte of
 * character sets, tracing, threads that write a log, metrics of several processes, and processes that systeminformation
 * starts elsewhere than on Linux. In place of each is an empty module.
 */
const unused = /^(body-parser|@opentelemetry\/api|thread-stream)$/;
const unusedBy: readonly (readonly [path: RegExp, importer: RegExp])[] = [
  [/^\.\/lib\/(cluster|pushgateway)$/, /\/prom-client\//],
  [/^child_process$/, /\/systeminformation\//],
  // pino asks for `isMainThread`, and writes to a file descriptor otherwise. This program gives it a stream.
  [/^worker_threads$/, /\/pino\//],
];

/** Leaves out unused packages, and media types of files that the program does not serve. */
export function leaveOutUnused(repository: string): Plugin {
  const extensions = servedExtensions(repository);
  return {
    name: 'leave-out-unused',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'unused' }));
      onResolve({ filter: /^[./a-z_]+$/ }, ({ path, importer }) => {
        const isUnused = unusedBy.some(([paths, importers]) => paths.test(path) && importers.test(importer));
        return isUnused ? { path, namespace: 'unused' } : undefined;
      });
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

/** Modules of Node.js that take megabytes, and that a run needs only for a page, a password or a process. */
const late = /^(?:node:)?(crypto|child_process|https)$/;

/** Loads them when the first of their functions is called. A package that reads one when it starts loads it then. */
export const postponeBuiltins: Plugin = {
  name: 'postpone-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: late }, ({ path, namespace }) =>
      namespace === 'file' ? { path: path.replace(/^node:/, ''), namespace: 'late' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late' }, async ({ path }) => ({
      contents: `module.exports = {${Object.keys(await import(path))
        .map((name) => getter(path, name))
        .join('')}};`,
      loader: 'js',
    }));
  },
};

function getter(path: string, name: string): string {
  return `get ${name}() { return require('node:${path}').${name}; },\n`;
}
