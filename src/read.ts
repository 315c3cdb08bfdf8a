import type { Host } from './host.ts';
import { ParseError } from './parsers/parse-error.ts';

/** Reads and parses a file. A parse error is told with the file's path. */
export async function readParsed<T>(host: Host, path: string, parse: (text: string) => T): Promise<T> {
  const text = await host.readFile(path);
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ParseError) throw new Error(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** What `read` gives, or undefined where the machine does not have the source. Every other failure stays one. */
export async function ifPresent<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Tells a source that this machine does not have from one that is broken. */
export function isAbsent(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}

/** What to tell a person of a failure. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether an error is a system error with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
