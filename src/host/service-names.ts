import { type FindName, parseServiceNames } from '../parsers/service-names.ts';
import { isSystemError } from './errors.ts';
import { withSource } from './read.ts';
import { readRegularFileSync } from './regular-file.ts';

/** Names of virtual servers as they are in a file at this moment. */
export interface ServiceNames {
  readonly find: FindName;
  /** Why the file cannot be used as it is now; `find` is that of its last good version then. */
  readonly problem: Error | undefined;
}

const maxBytes = 2 ** 20;

/** Reads a file with names of virtual servers. Throws an error that names the file, the line and what to write there. */
export function readServiceNames(file: string): FindName {
  return parse(file, read(file));
}

/** The same again and again: the file is parsed only if it changed, and a version that is not valid changes nothing. */
export function openServiceNames(file: string): () => ServiceNames {
  let text: string | undefined;
  let names: ServiceNames = { find: () => undefined, problem: undefined };
  return () => {
    try {
      const now = read(file);
      if (now !== text) names = { find: parse(file, now), problem: undefined };
      text = now;
      return names;
    } catch (error) {
      text = undefined;
      names = { find: names.find, problem: error instanceof Error ? error : new Error(String(error)) };
      return names;
    }
  };
}

function read(file: string): string {
  try {
    return readRegularFileSync(file, maxBytes);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Error(`Cannot read the names of services: ${error.message}; create ${file}, or remove its flag`, {
      cause: error,
    });
  }
}

function parse(file: string, text: string): FindName {
  try {
    return parseServiceNames(text);
  } catch (error) {
    throw withSource(file, error);
  }
}
