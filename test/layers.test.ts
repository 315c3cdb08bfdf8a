import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, it } from 'vitest';

const source = resolve(import.meta.dirname, '../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** `parsers` for src/parsers/procfs/ipvs/ip-vs.ts, `main.ts` for src/main.ts. */
function partOf(path: string): string {
  return path.split(sep)[0] ?? '';
}

/** The other parts of src/ that a part imports. */
function importsByPart(): Map<string, Set<string>> {
  const imports = new Map<string, Set<string>>();
  for (const file of files) {
    const part = partOf(file);
    const targets = imports.get(part) ?? new Set();
    for (const target of importsOf(file)) if (target !== part) targets.add(target);
    imports.set(part, targets);
  }
  return imports;
}

function importsOf(file: string): string[] {
  const path = join(source, file);
  const found = readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...found].map(([, target = '']) => partOf(relative(source, resolve(dirname(path), target))));
}

/** Removes parts that import no other part, until none is left, or only those that import each other round about. */
function findCircular(imports: Map<string, Set<string>>): string[] {
  for (;;) {
    const lowest = [...imports].find(([, targets]) => targets.size === 0)?.[0];
    if (lowest === undefined) return [...imports.keys()];
    imports.delete(lowest);
    for (const targets of imports.values()) targets.delete(lowest);
  }
}

it('no two folders of src/ import each other, directly or round about', () => {
  const imports = importsByPart();
  expect(imports.get('main.ts')).toContain('cli');
  expect(findCircular(imports)).toEqual([]);
});

it('src/ has two files of its own, and folders', () => {
  expect(files.filter((file) => !file.includes(sep)).sort()).toEqual(['main.ts', 'server.ts']);
});

it("CONTRIBUTING.md's map has every folder of src/", () => {
  const map = readFileSync(resolve(source, '../CONTRIBUTING.md'), 'utf8');
  const listed = [...map.matchAll(/^src\/([\w-]+)\/ /gm)].map(([, folder]) => folder);
  const folders = new Set(files.filter((file) => file.includes(sep)).map(partOf));
  expect(new Set(listed)).toEqual(folders);
});

/** Names that a file exports; overloads of a function count once. */
function exportsOf(file: string): string[] {
  const declared = /^export (?:async )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;
  const found = readFileSync(join(source, file), 'utf8').matchAll(declared);
  return [...new Set([...found].map(([, name = '']) => name))];
}

it('no name is exported by two files of src/', () => {
  const owners = new Map<string, string[]>();
  for (const file of files) for (const name of exportsOf(file)) owners.set(name, [...(owners.get(name) ?? []), file]);
  expect(owners.size).toBeGreaterThan(1000);
  expect([...owners].filter(([, exporters]) => exporters.length > 1)).toEqual([]);
});

it('no folder of src/ has more than 15 files', () => {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > 15)).toEqual([]);
});

it.each(['src', 'lab'])('no file of %s/ has more than 200 lines', (folder) => {
  const root = resolve(source, '..', folder);
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const lengths = paths.map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }));
  expect(lengths.length).toBeGreaterThan(50);
  expect(lengths.filter(({ lines }) => lines > 200)).toEqual([]);
});
