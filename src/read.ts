import type { Host } from './host.ts';
import { ParseError } from './parsers/parse-error.ts';
import type { PartParser } from './parsers/part-parser.ts';

/** Reads and parses a file. A parse error is told with the file's path. */
export function readParsed<T>(host: Host, path: string, parse: (text: string) => T): Promise<T> {
  return withPath(path, async () => parse(await host.readFile(path)));
}

/** The same of a file that is parsed while it is read, for as long as `goOn` says so. Resolves to whether that was all. */
export function readParsedParts(host: Host, path: string, parser: PartParser, goOn: () => boolean): Promise<boolean> {
  return withPath(path, async () => {
    const complete = await host.readParts(path, (part) => {
      if (!goOn()) return false;
      parser.add(part);
      return true;
    });
    if (complete) parser.end();
    return complete;
  });
}

/** Tells a parse error with the path of the file. */
async function withPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
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
