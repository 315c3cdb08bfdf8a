import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { benches } from '../../bench/benches.ts';

const folder = resolve(import.meta.dirname, '../../bench');

it.each(Object.entries(benches))('npm run bench -- %s has the file that it starts', (_name, { entry }) => {
  expect(existsSync(resolve(folder, entry))).toBe(true);
});
