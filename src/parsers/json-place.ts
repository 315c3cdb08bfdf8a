import { type JsonBounds, largeJson, parseBoundedJson } from './bounded-json.ts';
import { quote } from './numbers.ts';
import { ParseError } from './parse-error.ts';

/** A value in a JSON text, and where it stands: `vrrp[0].data.vrid`. */
export interface JsonPlace {
  readonly path: string;
  readonly value: unknown;
}

/** Parses JSON. Its writers put everything on one line, so an error in its content is located by its path. */
export function parseJson(text: string, path: string, bounds: JsonBounds = largeJson): JsonPlace {
  try {
    return { path, value: parseBoundedJson(text, bounds) };
  } catch (error) {
    if (error instanceof ParseError) throw error;
    throw new ParseError(lineOf(error, text), 'expected JSON, got a text that is cut off or malformed');
  }
}

/** V8 names the offset of some errors. Its message is not passed on: it quotes the text around it. */
function lineOf(error: unknown, text: string): number {
  const [, offset = '0'] = /at position (\d+)/.exec(String(error)) ?? [];
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < Number(offset); at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** A member of an object; its value is undefined when there is none. */
export function member({ path, value }: JsonPlace, name: string): JsonPlace {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unexpectedValue(path, 'an object', value);
  const own: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  return { path: `${path}.${name}`, value: own };
}

export function elements({ path, value }: JsonPlace): JsonPlace[] {
  if (!Array.isArray(value)) throw unexpectedValue(path, 'an array', value);
  return value.map((element, index) => ({ path: `${path}[${index}]`, value: element }));
}

export function asText({ path, value }: JsonPlace): string {
  if (typeof value !== 'string' || value === '') throw unexpectedValue(path, 'a text', value);
  return value;
}

export function asWholeNumber({ path, value }: JsonPlace, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw unexpectedValue(path, `a whole number from ${least} to ${most}`, value);
}

export function asBoolean({ path, value }: JsonPlace): boolean {
  if (typeof value !== 'boolean') throw unexpectedValue(path, 'true or false', value);
  return value;
}

export function asSeconds({ path, value }: JsonPlace): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw unexpectedValue(path, 'a number of seconds', value);
}

export function unexpectedValue(path: string, expected: string, value: unknown): ParseError {
  return new ParseError(1, `expected ${path} to be ${expected}, got ${formatValue(value)}`);
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return value === undefined ? 'nothing' : String(value);
}
