import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Documents for people who run the exporter or work on it. CHANGELOG.md names what is gone. */
export const documents: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'MAINTAINERS.md', 'lab/README.md'],
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

export interface Block {
  /** `docs/install.md:7` */
  readonly place: string;
  /** What follows the opening fence: `sh`, `promql`; empty for output. */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a document, without their indent. */
export function blocksOf(path: string): Block[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms)].map(
    ({ index, 1: indent = '', 2: language = '', 3: body = '' }) => ({
      place: `${path}:${text.slice(0, index).split('\n').length}`,
      language,
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/** The text between blocks. */
export function proseOf(path: string): string {
  return readFileSync(path, 'utf8').replaceAll(/^( *)```.*?^\1```$/gms, '');
}

/** Texts between backticks, on one line. */
export function codeSpansOf(path: string): string[] {
  return [...proseOf(path).matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replaceAll(/\s+/g, ' '));
}

/** Commands of a document, as lists of words: of its shell blocks, of `$` lines, and of what stands between backticks. */
export function commandsOf(path: string): string[][] {
  const blocks = blocksOf(path);
  const shell = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
  const typed = blocks.flatMap(({ text }) => [...text.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command));
  return [...shell, ...typed, ...codeSpansOf(path)].flatMap(splitCommands);
}

const word = /(?:[^\s'"|&;<>()]|'[^']*'|"[^"]*")+/;
const separator = /\|+|&&|;|[<>]+&?|[()]/;

/** Splits a script into commands without what the shell does with them. */
export function splitCommands(script: string): string[][] {
  const commands: string[][] = [[]];
  for (const line of script.replaceAll('\\\n', ' ').split('\n')) {
    commands.push([]);
    for (const [token] of line
      .replace(/(^|\s)#.*$/, '')
      .matchAll(new RegExp(`${word.source}|${separator.source}`, 'g'))) {
      if (new RegExp(`^(?:${separator.source})$`).test(token)) commands.push([]);
      else commands.at(-1)?.push(token.replaceAll(/['"]/g, ''));
    }
  }
  return commands.filter((words) => words.length > 0);
}
