import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from './nearest.ts';
import { type AnyOption, type OptionValues, UsageError } from './option.ts';

/** Options by their name on the command line, without the leading `--`. */
export type OptionTable = Readonly<Record<string, AnyOption>>;

/** Reads a command line by a table of options. Throws UsageError for what the table does not allow. */
export function readCommandLine<Table extends OptionTable>(
  table: Table,
  argv: readonly string[],
): { values: OptionValues<Table>; positionals: string[] } {
  const { given, positionals } = split(table, argv);
  const entries = Object.entries(table).map(([name, option]) => [name, readOption(name, option, given[name])]);
  return { values: Object.fromEntries(entries), positionals };
}

type Given = Readonly<Record<string, unknown>>;

function split(table: OptionTable, argv: readonly string[]): { given: Given; positionals: string[] } {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, { placeholder }] of Object.entries(table)) {
    options[name] = { type: placeholder === '' ? 'boolean' : 'string', multiple: true };
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: true,
      allowNegative: true,
    });
    return { given: values, positionals };
  } catch (error) {
    // Node's message goes on with a sentence on how to write a positional argument.
    const message = error instanceof Error ? error.message.replace(/\. To specify.*$/s, '') : String(error);
    throw new UsageError(withSuggestion(message, Object.keys(table)));
  }
}

function withSuggestion(message: string, names: readonly string[]): string {
  const [, unknown] = /^Unknown option '(--[^']+)'$/.exec(message) ?? [];
  const suggested =
    unknown &&
    nearest(
      unknown,
      names.map((name) => `--${name}`),
    );
  return suggested ? `${message}, did you mean '${suggested}'?` : message;
}

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
  if (first !== undefined) throw new UsageError(`Command "${command}" expects no argument, got "${first}"`);
}
