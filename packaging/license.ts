import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of the licence that a package of the npm registry comes with; its name and the author where there is none. */
export function readLicense(directory: string): string {
  const file = readdirSync(directory).find((name) => /^licen[cs]e/i.test(name));
  if (file !== undefined) return readFileSync(join(directory, file), 'utf8').trim();
  const { license, author } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`Expected a licence in ${directory}`);
  return `${license} license, by ${author?.name ?? author}`;
}
