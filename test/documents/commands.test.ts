import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { benches } from '../../bench/benches.ts';
import { namedScenarios, scenarios } from '../../lab/scenarios/index.ts';
import { commands } from '../../src/cli/options/commands.ts';
import { readConfig } from '../../src/cli/options/config.ts';
import { needs } from '../needs.ts';
import { blocksOf, codeSpansOf, commandsOf, documents, proseOf, splitCommands } from './markdown.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Readonly<Record<string, string>> };
const flags: readonly string[] = commands.flatMap(({ options }) => Object.keys(options));

/** Values of placeholders: the command line refuses words where it expects numbers and files. */
const examples: Readonly<Record<string, string>> = { N: '1', NODES: '1', FILE: '/dev/null', DIR: 'recording' };

/** The arguments of lvs-exporter, also when another program starts it; undefined for other commands. */
function argumentsOf(words: readonly string[]): readonly string[] | undefined {
  const start = words[0] === 'docker' || words[0] === '*' ? words.lastIndexOf('lvs-exporter') : 0;
  if (words[start] !== 'lvs-exporter') return undefined;
  return words
    .slice(start + 1)
    .map((one) =>
      one.replace(/(^|=)([A-Z]+)$/, (all, before, name) =>
        examples[name] === undefined ? all : before + examples[name],
      ),
    );
}

/** What is wrong with a command of npm or npx; undefined if nothing is, or for another command. */
function findMistake([program, verb, name = '', ...rest]: readonly string[]): string | undefined {
  if (program === 'npm' && verb === 'run') {
    if (!(name in scripts)) return `no script ${name}`;
    const operands = rest.filter((one) => !one.startsWith('-'));
    if (name === 'lab')
      return operands.find((one) => ![...scenarios, ...namedScenarios].some((each) => each.name === one));
    if (name === 'bench') return operands.slice(0, 1).find((one) => !(one in benches));
  }
  if (program === 'npx' && (verb === 'vitest' || verb === 'tsx')) {
    const files = verb === 'tsx' ? [name] : rest.filter((one) => !one.startsWith('-'));
    return files.find((file) => !existsSync(file));
  }
  return undefined;
}

/** Flags of other programs that stand alone between backticks. */
const foreign: ReadonlySet<string> = new Set(
  `config-id conntrack-tcp-be-liberal conntrack-tcp-timeout-close-wait invocation-count-for-turbofan ipvs-tcp-timeout
  max-semi-space-size measured network optimize-for-size queue-balance queue-bypass random-fully signum src-nat timestamp
  to-source`.split(/\s+/),
);

/** Flags in a text between backticks, such as `diagnose --verbose` or `--interval`, that no command or not this one has. */
function unknownFlags(span: string): string[] {
  const command = commands.find(({ name }) => name !== '' && name === span.split(' ')[0]);
  if (command === undefined && !span.startsWith('--')) return [];
  const known = command === undefined ? flags : Object.keys(command.options);
  const named = [...span.matchAll(/(?<![\w-])--(?:no-)?([a-z][\w.-]*[a-z\d])(?![\w.-])/g)].map(([, flag = '']) => flag);
  return named.filter((flag) => !known.includes(flag) && (command !== undefined || !foreign.has(flag)));
}

describe.each(documents)('%s', (path) => {
  it('has command lines that lvs-exporter accepts', () => {
    const refused = commandsOf(path).flatMap((words) => {
      try {
        const args = argumentsOf(words);
        if (args !== undefined) readConfig(args);
        return [];
      } catch (error) {
        return [`${words.join(' ')}: ${error}`];
      }
    });
    expect(refused).toEqual([]);
  });

  it('names flags that exist', () => {
    const named = [
      ...proseOf(path).matchAll(/--((?:no-)?(?:collector|upstream|web|path|log|replay)\.[\w.-]*[a-z\d])(?![A-Z])/g),
    ];
    const unknown = named.map(([, flag = '']) => flag.replace(/^no-/, '')).filter((flag) => !flags.includes(flag));
    expect(unknown).toEqual([]);
  });

  it('names flags that exist between backticks', () => {
    expect(codeSpansOf(path).flatMap(unknownFlags)).toEqual([]);
  });

  it('has scripts, scenarios, benchmarks and tests that exist', () => {
    expect(
      commandsOf(path).flatMap((words) => findMistake(words[0] === 'sudo' ? words.slice(1) : words) ?? []),
    ).toEqual([]);
  });

  it('has shell blocks that a shell reads', needs('bash'), () => {
    const blocks = blocksOf(path).filter(({ language }) => language === 'sh');
    const refused = blocks.flatMap(({ place, text }) => {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
      return status === 0 ? [] : [`${place}: ${stderr}`];
    });
    expect(refused).toEqual([]);
  });

  it('has YAML that a parser reads', () => {
    const blocks = blocksOf(path).filter(({ language }) => language === 'yaml');
    expect(blocks.flatMap(({ text }) => parseDocument(text, { uniqueKeys: false }).errors.map(String))).toEqual([]);
  });

  it('names the language of each block that is not output', () => {
    const languages = ['', 'sh', 'console', 'promql', 'yaml', 'ini', 'conf', 'ts', 'jsonnet'];
    expect(blocksOf(path).filter(({ language }) => !languages.includes(language))).toEqual([]);
  });
});

it.each(['diagnose --interval=1', '--nothing', '--duration --nothing'])('reports that %s is wrong', (span) => {
  expect(unknownFlags(span)).toHaveLength(1);
});

describe('splitCommands()', () => {
  it('leaves out comments and what the shell does', () => {
    const script = "a 'b c' --d='e f' \\\n  g   # h\ni && j | k >l; (m)\n";
    expect(splitCommands(script)).toEqual([['a', 'b c', '--d=e f', 'g'], ['i'], ['j'], ['k'], ['l'], ['m']]);
  });
});
