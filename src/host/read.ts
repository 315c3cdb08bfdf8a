import { ParseError } from '../parsers/parse-error.ts';
import type { PartParser } from '../parsers/part-parser.ts';
import type { Host } from './host.ts';

/** Reads and parses a file. A parse error is told with the file's path. */
export async function readParsed<T>(host: Host, path: string, parse: (text: string) => T): Promise<T> {
  return parseFrom(path, await host.readFile(path), parse);
}

/** The same of a file that is parsed while it is read, for as long as `goOn` says so. Resolves to whether that was all. */
export async function readParsedParts(
  host: Host,
  path: string,
  parser: PartParser,
  goOn: () => boolean,
): Promise<boolean> {
  try {
    const complete = await host.readParts(path, (part) => {
      if (!goOn()) return false;
      parser.add(part);
      return true;
    });
    if (complete) parser.end();
    return complete;
  } catch (error) {
    throw withSource(path, error);
  }
}

/** Parses what a source gave. A parse error is told with its name: a path, a command. */
export function parseFrom<T>(source: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    throw withSource(source, error);
  }
}

/** The error with the name of its source, if it is a parse error. */
export function withSource(source: string, error: unknown): unknown {
  return error instanceof ParseError ? new Error(`${source}: ${error.message}`, { cause: error }) : error;
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
