import { parseDuration } from '../../parsers/duration.ts';
import { quote } from '../../parsers/numbers.ts';

/** A command line option, declared once: parsing, checking, help text and documentation derive from it. */
export interface Option<T> {
  /** What stands for the value in the help text: `DURATION`. Empty for a flag, which takes none. */
  readonly placeholder: string;
  readonly help: string;
  readonly fallback: T;
  /** The fallback as it would be typed. Empty when there is none. */
  readonly fallbackText: string;
  /** Whether its value is a list to which each use adds one. Otherwise the last use counts. */
  readonly repeatable: boolean;
  /** Reads one use of it. Throws UsageError with what was expected. */
  readonly parse: (text: string) => unknown;
}

export type AnyOption = Option<unknown>;
export type OptionValues<Table> = { readonly [Name in keyof Table]: Table[Name] extends Option<infer T> ? T : never };

/** The command line is not one that the program understands. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function flag(help: string, fallback: boolean): Option<boolean> {
  return { placeholder: '', help, fallback, fallbackText: '', repeatable: false, parse: (text) => text === 'true' };
}

export function optionalText(placeholder: string, help: string): Option<string | undefined> {
  // Of a variable that is not set: `--web.config.file=$FILE` must not turn passwords off.
  const parse = (text: string) => parsed(text, 'a value', (value) => value || undefined);
  return { placeholder, help, fallback: undefined, fallbackText: '', repeatable: false, parse };
}

/** An option that is not there unless it is given, any number of times. */
export function textList(placeholder: string, help: string): Option<readonly string[]> {
  return { ...optionalText(placeholder, `${help} May be repeated.`), fallback: [], repeatable: true };
}

/** An option that is not there unless it is given, any number of times; `parse` gives undefined for what is not `expected`. */
export function list<T extends {}>(
  placeholder: string,
  help: string,
  expected: string,
  parse: (text: string) => T | undefined,
): Option<readonly T[]> {
  return { ...textList(placeholder, help), fallback: [], parse: (text) => parsed(text, expected, parse) };
}

/** An option with a value; `parse` gives undefined for what is not `expected`. */
export function option<T extends {}>(
  placeholder: string,
  help: string,
  fallbackText: string,
  expected: string,
  parse: (text: string) => T | undefined,
): Option<T> {
  const parseOrThrow = (text: string) => parsed(text, expected, parse);
  const fallback = parseOrThrow(fallbackText);
  return { placeholder, help, fallback, fallbackText, repeatable: false, parse: parseOrThrow };
}

function parsed<T extends {}>(text: string, expected: string, parse: (text: string) => T | undefined): T {
  const value = parse(text);
  if (value === undefined) throw new UsageError(`expected ${expected}, got ${quote(text)}`);
  return value;
}

/** The same, to be given any number of times. */
export function repeatable<T>(single: Option<T>): Option<readonly T[]> {
  return { ...single, help: `${single.help} May be repeated.`, fallback: [single.fallback], repeatable: true };
}

export function choice<const T extends string>(values: readonly T[], help: string, fallback: T): Option<T> {
  const expected = `one of ${values.join(', ')}`;
  return option(values.join('|'), help, fallback, expected, (text) => values.find((value) => value === text));
}

/** A length of time, in seconds. */
export function duration(help: string, fallback: string): Option<number> {
  const expected = 'a duration above zero such as 15s or 1m30s';
  const parse = (text: string) => {
    const seconds = parseDuration(text);
    if (seconds !== undefined && seconds > maxDays * 86_400) {
      throw new UsageError(`expected a duration of at most ${maxDays}d, got ${quote(text)}`);
    }
    return seconds || undefined;
  };
  return option('DURATION', help, fallback, expected, parse);
}

/** A timer of Node.js has 2^31 - 1 ms, and ends at once if it is given more. */
const maxDays = 24;

/** A length of time that is not there unless it is given. */
export function optionalDuration(help: string): Option<number | undefined> {
  return { ...duration(help, '1s'), fallback: undefined, fallbackText: '' };
}

export function wholeNumber(help: string, fallback: number): Option<number> {
  const parse = (text: string) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);
  return option('N', help, String(fallback), 'a whole number', parse);
}

/** A whole number, undefined unless it is given. */
export function optionalCount(help: string): Option<number | undefined> {
  return { ...wholeNumber(help, 0), fallback: undefined, fallbackText: '' };
}

export function positiveNumber(help: string, fallback: string): Option<number> {
  const parse = (text: string) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) || undefined : undefined);
  return option('N', help, fallback, 'a number above 0', parse);
}
