import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

/** The contents of a YAML file, or of a JSON file, which is one. */
export async function readYaml<T>(path: string): Promise<T> {
  return parse(await readFile(path, 'utf8'));
}
