import type { Random } from './random.ts';

/** What means something to one format or another: ends, quotes, signs, numbers beyond all bounds, names of JavaScript. */
const tokens = [
  ...[
    '\0',
    '\r',
    '\n',
    '\r\n',
    '\t',
    '\u001b[2J',
    '\u202e',
    '\u2028',
    '\ud800',
    '\ufeff',
    'é',
    '\u{1f600}',
    ' ',
    '   ',
  ],
  ...[
    '"',
    "'",
    '`',
    '\\',
    '\\"',
    '<',
    '>',
    '&',
    '&lt;',
    '&#0;',
    '<!DOCTYPE a [',
    '<![CDATA[',
    ']]>',
    '{',
    '}',
    '[',
    ']',
  ],
  ...[
    '(',
    ')',
    ':',
    ';',
    ',',
    '=',
    '|',
    '#',
    '%',
    '%00',
    '-',
    '--',
    '..',
    '/',
    '*',
    '&a',
    '*a',
    '<<: ',
    '!!',
    '? ',
    '|\n',
  ],
  ...['-1', '0', '00', '1e999', '-1e999', '0x', '0xffffffffffffffffff', '18446744073709551616', '9'.repeat(400), 'NaN'],
  ...[
    'Infinity',
    'null',
    'true',
    '__proto__',
    'constructor',
    'toString',
    'x'.repeat(3000),
    '[UNREPLIED]',
    '[NEW]',
    'a=b',
  ],
  ...['Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n', 'HTTP/1.1\r\n', 'Host: a\r\n', '\r\n\r\n'],
];

const longest = 32_768;

type Mutation = (random: Random, text: string, others: readonly string[]) => string;

const cut: Mutation = (random, text) => text.slice(0, random.below(text.length + 1));

const remove: Mutation = (random, text) => {
  const start = random.below(text.length + 1);
  return text.slice(0, start) + text.slice(start + random.below(40));
};

const insert: Mutation = (random, text) => {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.pick(tokens) + text.slice(at);
};

const replace: Mutation = (random, text) => {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + String.fromCharCode(random.below(random.pick([128, 256, 65_536]))) + text.slice(at + 1);
};

/** Of a word, mostly a number or a name. */
const replaceWord: Mutation = (random, text) => {
  const at = random.below(text.length + 1);
  const [word = ''] = /^[\w.]+/.exec(text.slice(at, at + 100)) ?? [];
  return text.slice(0, at) + random.pick(tokens) + text.slice(at + word.length);
};

const changeLines: Mutation = (random, text) => {
  const lines = text.split('\n');
  const [one, other] = [random.below(lines.length), random.below(lines.length)];
  const line = lines[one] ?? '';
  if (random.below(3) === 0) lines.splice(one, 1);
  else if (random.below(2) === 0) lines.splice(other, 0, line);
  else [lines[one], lines[other]] = [lines[other] ?? '', line];
  return lines.join('\n');
};

const repeat: Mutation = (random, text) => {
  const start = random.below(text.length + 1);
  const part = text.slice(start, start + 1 + random.below(60));
  return text.slice(0, start) + part.repeat(1 + random.below(200)) + text.slice(start);
};

const splice: Mutation = (random, text, others) => {
  const other = random.pick(others);
  return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));
};

const mutations = [cut, remove, insert, insert, replace, replaceWord, replaceWord, changeLines, repeat, splice];

/** One of these texts, changed in one to four places. */
export function mutateText(random: Random, real: readonly string[]): string {
  let text = random.pick(real);
  for (let left = 1 + random.below(4); left > 0; left--) text = random.pick(mutations)(random, text, real);
  return text.slice(0, longest);
}

/** One of these messages, changed in up to six places and cut off now and then. */
export function mutateBytes(random: Random, real: readonly Uint8Array[]): Uint8Array {
  const bytes = Uint8Array.from(random.pick(real));
  for (let left = random.below(7); left > 0 && bytes.length > 0; left--) {
    bytes[random.below(bytes.length)] = random.pick([0, 1, 2, 3, 4, 5, 8, 127, 128, 255, random.below(256)]);
  }
  return random.below(3) === 0 ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes;
}
