import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/options/commands.ts';
import { helpText } from '../src/cli/options/help.ts';

/** Phrases that readers stumble over, and what to write instead. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/\b(tell|tells|told|telling)\b/i, 'export, report, show, distinguish'],
  [
    /(?<!(?:user|as) |["'/`=])\b(nobody|somebody|everybody|whoever)\b(?![:"'`])/i,
    'the noun: no real server, an administrator, every service',
  ],
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
  [/\bno one(?!-)\b/i, 'the noun'],
  [/\bwithout a word\b/i, 'without closing, without notice'],
  [/\beach \d+ (s|min|seconds|minutes)\b/i, 'every'],
  [/\bpass(es)? (it|this \w+) by\b/i, 'bypass'],
  [/\bknows\b|\b(?<!you )(does|do|did) not know\b/i, 'has, lists, recognizes, supports'],
  [/\bsays\b/i, 'reports, shows, states'],
  [/\b(taken|takes? (it|them|this|that|one)) for\b/i, 'mistaken for, treated as, counts as'],
  [/\b(believes?|believed|speaks)\b/i, 'trusts; uses, runs'],
];

/** Text that the program, its rules, its dashboards or its documents show, and all source with its comments. */
const folders = [
  ...['alerts', 'bench', 'charts', 'containers', 'contrib', 'dashboards', 'docs', 'lab', 'packaging', 'scripts', 'src'],
  ...['test', '.ci', '.github'],
];
const others = ['Dockerfile', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'MAINTAINERS.md', 'SECURITY.md'];

/** Where people search: descriptions of the packages, and the pages that they find first. */
const searched = [
  ...['README.md', 'package.json', 'Dockerfile', 'charts/lvs-exporter/Chart.yaml', 'packaging/control.ts'],
  ...['docs/findings.md', 'docs/architecture.md', 'docs/diagnose.md', 'docs/alerts.md', 'docs/glossary.md'],
  'alerts/lvs-exporter.rules.yml',
];

/** Files with text. Recordings, golden texts and the phrases themselves are left out. */
function inFolder(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.filter((name) => !/\.(png|svg|gz)$|fixtures|golden|words\.test\.ts/.test(name));
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

function findInFile(name: string): string[] {
  return findPhrases(name, withoutExamples(readFileSync(name, 'utf8')));
}

/** Terms of the glossary: `director`; `conntrack, connection tracking` is two. */
function glossaryTerms(): string[] {
  const rows = readFileSync('docs/glossary.md', 'utf8').matchAll(/^\| ([^|]+?) \| (?!See )/gm);
  const cells = [...rows].map(([, cell = '']) => cell).filter((cell) => cell !== 'term' && cell !== '---');
  return cells.flatMap((cell) => cell.replace(/ \(.*\)/, '').split(', '));
}

describe('the words that users read', () => {
  it.each(folders)('%s/ has none of the phrases that readers stumble over', (folder) => {
    expect(inFolder(folder).flatMap(findInFile)).toEqual([]);
  });

  it.each(others)('%s has none of them', (name) => {
    expect(findInFile(name)).toEqual([]);
  });

  it.each(commands)('of $name --help have none of them', ({ name }) => {
    expect(findPhrases('--help', helpText(name))).toEqual([]);
  });

  it.each(glossaryTerms())('%s, a term of the glossary, is used in another document', (term) => {
    const documents = ['README.md', ...inFolder('docs')].filter((name) => /(?<!glossary)\.md$/.test(name));
    const users = documents.filter((name) => readFileSync(name, 'utf8').toLowerCase().includes(term.toLowerCase()));
    expect(users).not.toEqual([]);
  });

  it.each(searched)('%s has the term that people search for', (name) => {
    expect(readFileSync(name, 'utf8').toLowerCase()).toMatch(/direct\s+server\s+return/);
  });

  it('are not names of the user nobody', () => {
    expect(findPhrases('a.sh', 'as nobody: --reuid=nobody, the user nobody, nobody:nogroup')).toEqual([]);
  });

  it('are searched line by line', () => {
    expect(findPhrases('a.md', 'The page shows it.\nIt tells somebody.')).toEqual([
      'a.md:2: "tells": write export, report, show, distinguish',
      'a.md:2: "somebody": write the noun: no real server, an administrator, every service',
    ]);
  });
});
