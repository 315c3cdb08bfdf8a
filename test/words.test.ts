import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/commands.ts';
import { helpText } from '../src/cli/help.ts';

/** Phrases that readers stumble over, and what to write instead. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/\b(tell|tells|told|telling)\b/i, 'export, report, show, distinguish'],
  [/\b(nobody|somebody(?!@)|everybody|whoever)\b/i, 'the noun: no real server, an administrator, every service'],
  [/\b(has|have) to be\b|\b(is|are) to be\b/i, 'must be, or an imperative'],
  [/\bin vain\b/i, 'without result'],
  [/\banew\b/i, 'again'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\bbesides\b/i, 'also'],
  [/\bhop before\b/i, 'upstream'],
  [/\bhalf-seen\b/i, 'one-way'],
  [/\bthose of them that\b/i, 'the noun'],
  [/(?<!there )\bis no (error|answer|reason|failure)\b/i, 'is not'],
  [/\bever new\b/i, 'constantly new; keeps connecting to new'],
  [/\beach \d+ (s|min|seconds|minutes)\b/i, 'every'],
  [/\bpass(es)? (it|this \w+) by\b/i, 'bypass'],
];

/** Text that the program, its rules, its dashboards or its documents show, and the source with its comments. */
const files = [
  'README.md',
  'CONTRIBUTING.md',
  'lab/README.md',
  ...inFolder('docs', '.md'),
  ...inFolder('alerts', '.yml'),
  ...inFolder('dashboards', '.json'),
  ...inFolder('src', '.ts'),
  ...inFolder('alerts/src', '.ts'),
  ...inFolder('dashboards/src', '.ts'),
  ...inFolder('scripts', '.ts'),
];

function inFolder(folder: string, ending: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
}

/** Fenced blocks of Markdown are commands and recorded output. Keeps the numbers of the lines. */
function withoutExamples(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, (block) => block.replaceAll(/.+/g, ''));
}

/** One line for each phrase that is found: place, phrase, and what to write instead. */
function findPhrases(name: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) =>
    phrases.flatMap(([pattern, instead]) => {
      const [found] = pattern.exec(line) ?? [];
      return found === undefined ? [] : [`${name}:${index + 1}: "${found}": write ${instead}`];
    }),
  );
}

/** Suites, without fixtures: their titles are read in the output of a failed run. */
const suites = inFolder('test', '.test.ts').filter(
  (name) => !name.includes('fixtures') && name !== 'test/words.test.ts',
);

/** Replaces every line that is not the title of a test or of a suite. */
function titlesOf(text: string): string {
  return text.replaceAll(/^(?! *(?:it|test|describe)\b.*\(['`"]).*$/gm, '');
}

/** Terms of the glossary: `director`; `conntrack, connection tracking` is two. */
function glossaryTerms(): string[] {
  const rows = readFileSync('docs/glossary.md', 'utf8').matchAll(/^\| ([^|]+?) \| (?!See )/gm);
  const cells = [...rows].map(([, cell = '']) => cell).filter((cell) => cell !== 'term' && cell !== '---');
  return cells.flatMap((cell) => cell.replace(/ \(.*\)/, '').split(', '));
}

describe('the words that users read', () => {
  it.each(files)('%s has none of the phrases that readers stumble over', (name) => {
    expect(findPhrases(name, withoutExamples(readFileSync(name, 'utf8')))).toEqual([]);
  });

  it.each(commands)('of $name --help have none of them', ({ name }) => {
    expect(findPhrases('--help', helpText(name))).toEqual([]);
  });

  it.each(suites)('titles in %s have none of them', (name) => {
    expect(findPhrases(name, titlesOf(readFileSync(name, 'utf8')))).toEqual([]);
  });

  it.each(glossaryTerms())('%s, a term of the glossary, is used in another document', (term) => {
    const others = files.filter((name) => name.endsWith('.md') && name !== 'docs/glossary.md');
    const users = others.filter((name) => readFileSync(name, 'utf8').toLowerCase().includes(term.toLowerCase()));
    expect(users).not.toEqual([]);
  });

  it.each(['README.md', 'docs/findings.md', 'docs/architecture.md', 'alerts/lvs-exporter.rules.yml'])(
    '%s has the term that people search for',
    (name) => {
      expect(readFileSync(name, 'utf8').toLowerCase()).toContain('direct server return');
    },
  );

  it('finds titles of tests only', () => {
    expect(findPhrases('a.test.ts', titlesOf("it('tells', () => {\n  const told = 1;"))).toHaveLength(1);
  });

  it('are searched line by line', () => {
    expect(findPhrases('a.md', 'The page shows it.\nIt tells somebody.')).toEqual([
      'a.md:2: "tells": write export, report, show, distinguish',
      'a.md:2: "somebody": write the noun: no real server, an administrator, every service',
    ]);
  });
});
