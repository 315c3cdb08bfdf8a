import { splitLines } from '../lines.ts';
import { ParseError } from '../parse-error.ts';
import { type CheckBlock, type CheckField, checkKeys } from './check-field.ts';

const known: ReadonlySet<string> = new Set(checkKeys);

/** Whether a line of keepalived_check.data is one that is read. */
export function isCheckLine(line: string): boolean {
  return readHeading(line) !== undefined || known.has(splitField(line).key);
}

/**
 * Reads the things that keepalived_check.data lists, in their order. The file has no mark at its end: whether it is
 * whole has to be known otherwise.
 */
export function readCheckBlocks(text: string): CheckBlock[] {
  const lines = splitLines(text);
  if (lines[0] !== firstLine) throw new ParseError(1, `expected "${firstLine}"`);
  const blocks: (Omit<CheckBlock, 'fields'> & { readonly fields: OpenField[] })[] = [];
  for (const [index, content] of lines.entries()) {
    const line = index + 1;
    const heading = readHeading(content);
    if (heading) {
      blocks.push({ line, ...heading, fields: [] });
      continue;
    }
    const fields = blocks.at(-1)?.fields ?? [];
    const field = { line, ...splitField(content) };
    if (!known.has(field.key)) continue;
    if (indentOf(content) > fieldIndent) fields.at(-1)?.items.push(field);
    else fields.push({ ...field, items: [] });
  }
  return blocks;
}

const firstLine = '------< Global definitions >------';
const fieldIndent = 3;

type OpenField = Omit<CheckField, 'items'> & { readonly items: Omit<CheckField, 'items'>[] };

function indentOf(content: string): number {
  let indent = 0;
  while (content[indent] === ' ') indent++;
  return indent;
}

/** ` ------< Virtual server >------`, or ` [10.0.0.100]:tcp:80 -> [10.0.0.11]:tcp:80` above the fields of a checker. */
function readHeading(content: string): { title: string; value: string } | undefined {
  const text = content.trimStart();
  if (text.startsWith('------< ') && text.endsWith(' >------')) return { title: text.slice(8, -8), value: '' };
  const isOfChecker = content.includes(' -> [') && /^ \S.* -> \[[\da-f.:]+\]:\S+$/.test(content);
  return isOfChecker ? { title: 'Checker', value: text } : undefined;
}

const separators = [' = ', ' is ', ': '];

/** At the first separator. */
function splitField(content: string): { key: string; value: string } {
  const text = content.trimStart();
  let [end, start] = [text.length, text.length];
  for (const separator of separators) {
    const place = text.indexOf(separator);
    if (place >= 0 && place < end) [end, start] = [place, place + separator.length];
  }
  return { key: text.slice(0, end), value: text.slice(start) };
}
