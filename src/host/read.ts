import { computeInTurns, type Steps } from '../async/turns.ts';
import type { ChunkParser } from '../parsers/chunk-parser.ts';
import { ParseError } from '../parsers/parse-error.ts';
import type { Host } from './host.ts';

/** Reads and parses a file. A parse error names the file. */
export async function readParsed<T>(host: Host, path: string, parse: (text: string) => T): Promise<T> {
  return parseFrom(path, await host.readFile(path), parse);
}

/** The same of a long table: nothing else waits until it is parsed. */
export async function readParsedInTurns<T>(host: Host, path: string, parse: (text: string) => Steps<T>): Promise<T> {
  const text = await host.readFile(path);
  try {
    return await computeInTurns(parse(text));
  } catch (error) {
    throw withSource(path, error);
  }
}

/** The same of a file that is parsed while it is read, for as long as `goOn` allows. Resolves to whether that was all. */
export async function readParsedParts(
  host: Host,
  path: string,
  parser: ChunkParser,
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

/** Parses what a source gave. A parse error names it: a path, a command. */
export function parseFrom<Read, T>(source: string, read: Read, parse: (read: Read) => T): T {
  try {
    return parse(read);
  } catch (error) {
    throw withSource(source, error);
  }
}

/** The error with the name of its source, if it is a parse error. */
export function withSource(source: string, error: unknown): unknown {
  return error instanceof ParseError ? error.in(source) : error;
}
