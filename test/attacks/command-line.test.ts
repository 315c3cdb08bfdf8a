import { expect, it } from 'vitest';
import { commands } from '../../src/cli/options/commands.ts';
import { readConfig } from '../../src/cli/options/config.ts';
import { UsageError } from '../../src/cli/options/option.ts';

const long = 'x'.repeat(100_000);

/** What may come after a command. */
const oddUses = (name: string): readonly (readonly string[])[] => [
  [`--${name}`],
  [`--no-${name}`],
  [`--no-${name}=x`],
  [`--${name.toUpperCase()}`],
  [`--${name}`, '--help2'],
  [`--${name}`, `--${name}`, `--${name}`],
  [`-${name}`],
  [`-${name}${long}`],
  [`--${name}${long}`],
  ...[
    '',
    ' ',
    long,
    'ü\u202eß🂡',
    'a\nb',
    '\u001b]0;x\u0007',
    '-1',
    '1e9',
    '9'.repeat(30),
    'NaN',
    '0x10',
    '99999d',
  ].flatMap((value) => [[`--${name}=${value}`], [`--${name}`, value]]),
  [`--${name}=1`, `--${name}=2`],
];

function outcomeOf(argv: readonly string[]): unknown {
  try {
    return readConfig(argv).command;
  } catch (error) {
    return error;
  }
}

it.each(commands)(
  'each option of the command "$name" works in an odd use, or is refused by one short line',
  (command) => {
    const before = [command.name, command.operand ?? ''].filter(Boolean);
    for (const name of Object.keys(command.options)) {
      for (const use of oddUses(name)) {
        const outcome = outcomeOf([...before, ...use]);
        if (typeof outcome === 'string') continue;
        expect(outcome).toBeInstanceOf(UsageError);
        expect(String(outcome)).toMatch(/^UsageError: [^\p{C}\p{Zl}\p{Zp}]{10,600}$/u);
      }
    }
  },
);

it('a word of 100,000 characters is refused before it is compared', () => {
  for (const word of [long, `-${long}`, `--${long}`, `--${long}=1`]) {
    expect(outcomeOf([word])).toMatchObject({
      message: expect.stringMatching(/^Argument ".{40,70}" has more than 4096/),
    });
  }
});
