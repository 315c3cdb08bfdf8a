import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generated } from '../scripts/generate.ts';

it.each(Object.entries(generated))('%s is what `npm run generate` makes', async (path, make) => {
  expect(await readFile(path, 'utf8')).toBe(make());
});
