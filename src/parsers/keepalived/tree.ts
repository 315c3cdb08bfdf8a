import { splitLines } from '../lines.ts';
import { quote } from '../numbers.ts';
import { ParseError } from '../parse-error.ts';

/** One thing of a text dump: ` VRRP Instance = VI_1` and the fields below it. */
export interface Block {
  readonly line: number;
  readonly title: string;
  readonly value: string;
  readonly fields: readonly Field[];
}

/** `   Priority = 100`, or `   Virtual IP (2):` with a line for each item. */
export interface Field {
  readonly line: number;
  readonly key: string;
  /** Empty for a field without one. */
  readonly value: string;
  readonly items: readonly Item[];
}

export interface Item {
  readonly line: number;
  readonly text: string;
}

/**
 * Reads the things that a text dump lists, by their indentation: 1 for a thing, 3 for its fields, more for the items of
 * a field. Lines of other forms are left out: a dump has hundreds that are of no interest here.
 *
 * A dump that was cut off is an error. From keepalived 2.0 on it begins with the global definitions and ends with the
 * interfaces; before, it begins with the instances and nothing marks its end.
 */
export function readBlocks(text: string): Block[] {
  const lines = splitLines(text);
  checkEnds(lines);
  const blocks: { line: number; title: string; value: string; fields: OpenField[] }[] = [];
  for (const [index, content] of lines.entries()) {
    const line = index + 1;
    const indent = content.search(/[^ ]|$/);
    const { key, value } = splitField(content.slice(indent));
    // keepalived 1.3 indents this field like a thing.
    if (key === 'VRRP Version') continue;
    if (indent === 1) blocks.push({ line, title: key, value, fields: [] });
    else if (indent === 3) blocks.at(-1)?.fields.push({ line, key, value, items: [] });
    else if (indent > 3)
      blocks
        .at(-1)
        ?.fields.at(-1)
        ?.items.push({ line, text: content.slice(indent) });
  }
  return blocks;
}

type OpenField = Field & { readonly items: Item[] };

const firstSection = '------< Global definitions >------';
const lastSection = '------< Interfaces >------';
const onlySection = '------< VRRP Topology >------';

function checkEnds(lines: readonly string[]): void {
  if (lines[0] === onlySection || (lines[0] === firstSection && lines.includes(lastSection))) return;
  if (lines[0] !== firstSection) throw new ParseError(1, `expected "${firstSection}" or "${onlySection}"`);
  throw new ParseError(lines.length + 1, `expected "${lastSection}", got the end of the file`);
}

/** `Priority = 100`, `Virtual IP = 2`, `Virtual IP :`, `Virtual IP (2):`, `Using Native IPv6`. */
function splitField(text: string): { key: string; value: string } {
  const equals = text.indexOf(' = ');
  if (equals >= 0) return { key: text.slice(0, equals), value: text.slice(equals + 3) };
  const [, key = text, count = ''] = /^(.*?) ?(?:\((\d+)\))?:$/.exec(text) ?? [];
  return { key, value: count };
}

/** The first field of that name. */
export function findField(block: Block, ...names: readonly string[]): Field | undefined {
  return block.fields.find(({ key }) => names.includes(key));
}

/** The first field of one of these names, the last of which is an older keepalived's. */
export function requireField(block: Block, ...names: readonly [string, ...string[]]): Field {
  const field = findField(block, ...names);
  if (field) return field;
  throw new ParseError(block.line, `expected ${block.title} ${quote(block.value)} to have "${names[0]}", got nothing`);
}
