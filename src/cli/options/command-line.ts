import { type ParseArgsConfig, parseArgs } from 'node:util';
import { quote } from '../../parsers/numbers.ts';
import { nearest } from './nearest.ts';
import { type AnyOption, type OptionValues, UsageError } from './option.ts';

/** Options by their name on the command line, without the leading `--`. */
export type OptionTable = Readonly<Record<string, AnyOption>>;

/** Reads a command line by a table of options. Throws UsageError for what the table does not allow. */
export function readCommandLine<Table extends OptionTable>(
  table: Table,
  argv: readonly string[],
): { values: OptionValues<Table>; positionals: string[] } {
  refuseLong(argv);
  const { given, positionals } = split(table, argv);
  const entries = Object.entries(table).map(([name, option]) => [name, readOption(name, option, given[name])]);
  return { values: Object.fromEntries(entries), positionals };
}

type Given = Readonly<Record<string, unknown>>;

/** What is no option, nor the value of one of these, whatever else is wrong with the line, but for its length. */
export function wordsOf(table: OptionTable, argv: readonly string[]): string[] {
  // Of one that begins with a dash, each letter is an option to parseArgs: 100,000 take it ten seconds.
  refuseLong(argv);
  return parseArgs({ args: [...argv], options: shapesOf(table), strict: false }).positionals;
}

function split(table: OptionTable, argv: readonly string[]): { given: Given; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: shapesOf(table),
      allowPositionals: true,
      allowNegative: true,
    });
    return { given: values, positionals };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(explainUnknown(shortenMessage(message), table, argv));
  }
}

function shapesOf(table: OptionTable): NonNullable<ParseArgsConfig['options']> {
  const shapes = Object.entries(table).map(([name, { placeholder }]) => {
    const type = placeholder === '' ? 'boolean' : 'string';
    return [name, { type, multiple: true }] as const;
  });
  return Object.fromEntries(shapes);
}

/** Node's message may go on with a sentence, or lines, on how to write it otherwise. */
function shortenMessage(message: string): string {
  return message
    .replace(/^(Option '.*)' argument is ambiguous\..*$/s, "$1 <value>' argument missing")
    .replace(/\. To specify.*$/s, '');
}

/** As long as a path may be. */
const maxArgumentLength = 4096;

function refuseLong(argv: readonly string[]): void {
  const long = argv.find((argument) => argument.length > maxArgumentLength);
  if (long !== undefined) throw new UsageError(`Argument ${quote(long)} has more than ${maxArgumentLength} characters`);
}

/** `Unknown option '--x'`, shortened, with the option that may have been meant. */
function explainUnknown(message: string, table: OptionTable, argv: readonly string[]): string {
  const [, unknown] = /^Unknown option '(-.*)'$/s.exec(message) ?? [];
  if (unknown === undefined) return message;
  const isLong = unknown.startsWith('--');
  // Of -web.config.file, Node names -w alone.
  const typed = isLong ? unknown : (argv.find((word) => word.startsWith(unknown)) ?? unknown).split('=', 1).join();
  const shown = `Unknown option ${quote(typed).replaceAll('"', "'")}`;
  const suggested = nearest(typed, Object.entries(table).flatMap(formsOf)) ?? longFormOf(typed, table);
  return suggested === undefined ? shown : `${shown}, did you mean '${suggested}'?`;
}

function formsOf([name, { placeholder }]: readonly [string, AnyOption]): string[] {
  return placeholder === '' ? [`--${name}`, `--no-${name}`] : [`--${name}`];
}

function longFormOf(typed: string, table: OptionTable): string | undefined {
  return typed === '-v' && 'verbose' in table ? undefined : shortForms.get(typed.toLowerCase());
}

const shortForms: ReadonlyMap<string, string> = new Map([
  ['-h', '--help'],
  ['-?', '--help'],
  ['-v', '--version'],
]);

function readOption(name: string, option: AnyOption, given: unknown): unknown {
  if (!Array.isArray(given)) return option.fallback;
  try {
    const values = given.map((value) => option.parse(String(value)));
    return option.repeatable ? values : values.at(-1);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`Option --${name}: ${error.message}`);
    throw error;
  }
}

/** The options of a table as help text: each with its default, then what it does. */
export function describeOptions(table: OptionTable): string {
  const lines = Object.entries(table).map(([name, option]) => `  ${describeUse(name, option)}\n      ${option.help}`);
  return lines.join('\n');
}

function describeUse(name: string, { placeholder, fallbackText, fallback }: AnyOption): string {
  if (placeholder === '') return fallback === true ? `--[no-]${name}  (default: on)` : `--${name}`;
  return `--${name}=${placeholder}${fallbackText === '' ? '' : `  (default: ${fallbackText})`}`;
}

export function refuseArguments(command: string, [first]: readonly string[]): void {
  if (first !== undefined) throw new UsageError(`Command "${command}" expects no argument, got ${quote(first)}`);
}
