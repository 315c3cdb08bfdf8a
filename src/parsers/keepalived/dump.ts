import { quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';
import type { Layout } from './layout.ts';
import { splitDump } from './line-ends.ts';

/** One thing of a text dump, with its fields: ` VRRP Instance = VI_1`, or ` ------< Virtual server >------`. */
export interface Block {
  readonly line: number;
  readonly title: string;
  /** Empty below a heading, and where the line with the title is missing. */
  readonly value: string;
  readonly fields: readonly Field[];
}

/** `   Priority = 100`, `   Inhibit on failure is ON`, or `   Virtual IP (2):` with an indented line for each item. */
export interface Field {
  readonly line: number;
  readonly key: string;
  /** Empty for a field without one. */
  readonly value: string;
  readonly items: readonly Item[];
  /** How many more lines are the same as the one before: a line may stand twice, or an item. */
  readonly repeatedItems?: number;
}

export interface Item {
  readonly line: number;
  readonly text: string;
}

type OpenField = Omit<Field, 'items' | 'repeatedItems'> & { readonly items: Item[]; repeatedItems?: number };
type OpenBlock = Omit<Block, 'fields' | 'value'> & { value: string; readonly fields: OpenField[] };

const fieldIndent = 3;

/**
 * Reads the things that a text dump lists, in their order. Whether the dump is whole must be known otherwise.
 *
 * Tolerates what a dump may lack: a line end, a title, a field. A line that stands twice counts once.
 *
 * @throws ParseError where the text has no heading: it is no dump.
 */
export function readBlocks(text: string, layout: Layout): Block[] {
  if (!text.includes('------< '))
    throw new ParseError(1, 'expected a heading such as "------< Global definitions >------"');
  const blocks: OpenBlock[] = [];
  const reader = createBlockReader(layout, blocks);
  for (const [index, content] of splitDump(text, layout).entries()) {
    const indent = indentOf(content);
    const line = index + 1;
    const heading = readHeading(content, indent);
    if (heading) reader.readHeading(line, heading);
    else if (indent > fieldIndent) reader.readItem(line, content, indent);
    else reader.readField(line, content, indent);
  }
  return blocks;
}

/** Keeps what is open between two lines: a thing, the thing around it, and its last field. */
function createBlockReader({ parts, known, beginners }: Layout, blocks: OpenBlock[]) {
  let block: OpenBlock | undefined;
  let around: OpenBlock | undefined;
  let field: OpenField | undefined;
  // The indent of a list that is none of this field, such as that of the supplementary groups of a script.
  let foreignList = Number.POSITIVE_INFINITY;
  // The last thing whose title has a name.
  let named: OpenBlock | undefined;

  function open(line: number, title: string, value: string): OpenBlock {
    field = undefined;
    if (block?.title === title && block.value === value && block.fields.length === 0) return block;
    const within = parts.get(title)?.within;
    around = within === undefined ? undefined : [block, around].find((one) => one?.title === within);
    block = { line, title, value, fields: [] };
    blocks.push(block);
    return block;
  }

  const has = (one: OpenBlock | undefined, key: string) => one !== undefined && parts.get(one.title)?.keys.has(key);

  /** The thing that a field is of. */
  function ownerOf(line: number, key: string): OpenBlock | undefined {
    const begun = beginners.get(key);
    if (begun !== undefined) return block?.title === begun && block.fields.length === 0 ? block : open(line, begun, '');
    const owner = has(block, key) ? block : has(around, key) ? around : undefined;
    const isOfAnother = owner && parts.get(owner.title)?.once.has(key) && owner.fields.some((one) => one.key === key);
    return isOfAnother ? open(line, owner.title, '') : owner;
  }

  return {
    readHeading(line: number, { title, value }: Heading): void {
      // keepalived 1.x prints an interface that an instance tracks within that instance.
      if (title === 'NIC') return;
      if (parts.has(title)) open(line, title, value);
      else [block, around, field] = [undefined, undefined, undefined];
    },
    readField(line: number, content: string, indent: number): void {
      foreignList = Number.POSITIVE_INFINITY;
      const { key, value } = splitField(content, indent);
      if (indent <= 1 && parts.has(key)) named = open(line, key, value);
      // A name may hold a line end.
      else if (indent === 0 && value === '' && named && named === block && named.fields.length === 0)
        named.value += `\n${key}`;
      else if (known.has(key) && !(field?.key === key && field.value === value && field.items.length === 0)) {
        const owner = ownerOf(line, key);
        if (!owner) return;
        field = { line, key, value, items: [] };
        owner.fields.push(field);
      }
    },
    readItem(line: number, content: string, indent: number): void {
      const text = content.slice(indent);
      if (isListTitle(text)) foreignList = indent;
      else if (indent > foreignList || !field) return;
      else if (field.items.at(-1)?.text === text) field.repeatedItems = (field.repeatedItems ?? 0) + 1;
      else field.items.push({ line, text });
    },
  };
}

/** `Supplementary groups:` of a script. The items of the lists that are read begin in lower case or hold more than a title. */
function isListTitle(text: string): boolean {
  return /^[A-Z][A-Za-z ]*:$/.test(text);
}

function indentOf(content: string): number {
  let indent = 0;
  while (content.charCodeAt(indent) === space) indent++;
  return indent;
}

const space = 32;

/** A title without fields of its own, or a checker and what it is of. */
interface Heading {
  readonly title: string;
  readonly value: string;
}

/** ` ------< Virtual server >------`, or ` [10.0.0.100]:tcp:80 -> [10.0.0.11]:tcp:80` above the fields of a checker. */
function readHeading(content: string, indent: number): Heading | undefined {
  if (content.startsWith('------< ', indent) && content.endsWith(' >------')) {
    return { title: content.slice(indent + 8, -8), value: '' };
  }
  const isOfChecker = indent === 1 && content.includes(' -> [') && / -> \[[\da-f.:]+\]:\S+$/.test(content);
  return isOfChecker ? { title: 'Checker', value: content.slice(1) } : undefined;
}

/** `Priority = 100`, `Inhibit on failure is ON`, `Virtual IP :`, `Virtual IP (2):`, `Using Native IPv6`. */
export function splitField(content: string, start = 0): { key: string; value: string } {
  let [end, length] = [content.length, 0];
  for (const separator of separators) {
    const place = content.indexOf(separator, start);
    if (place >= 0 && place < end) [end, length] = [place, separator.length];
  }
  const key = content.slice(start, end);
  if (length > 0) return { key, value: content.slice(end + length) };
  const [, name = key, count = ''] = key.endsWith(':') ? (/^(.*?) ?(?:\((\d+)\))?:$/.exec(key) ?? []) : [];
  return { key: name, value: count };
}

const separators = [' = ', ': ', ' is '];

/** The first field of one of these names, of which versions differ. */
export function findField(block: Pick<Block, 'fields'>, ...names: readonly string[]): Field | undefined {
  return block.fields.find(({ key }) => names.includes(key));
}

/** The first field of one of these names. */
export function requireField(block: Block, ...names: readonly [string, ...string[]]): Field {
  const field = findField(block, ...names);
  if (field) return field;
  const name = block.value === '' ? block.title.toLowerCase() : `${block.title} ${quote(block.value)}`;
  throw new ParseError(block.line, `expected the ${name} to have ${quote(names[0])}, got nothing`);
}

/** The error of a field that has another value than it should. */
export function unexpectedField({ value, line }: Pick<Field, 'value' | 'line'>, expected: string): ParseError {
  return new ParseError(line, `expected ${expected}, got ${quote(value)}`);
}
