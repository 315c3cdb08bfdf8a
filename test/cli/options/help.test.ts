import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/options/commands.ts';
import { helpText } from '../../../src/cli/options/help.ts';

describe('helpText()', () => {
  it.each(['diagnose', 'metrics', 'plan', 'record'] as const)(
    'shows %s alone, with every option that only it has',
    (name) => {
      const help = helpText(name);
      const others = commands.filter((command) => command.name !== '' && command.name !== name);
      expect(help.split('\n')[0]).toMatch(`Usage: lvs-exporter ${name}`);
      expect(help).toContain('\n  --');
      expect(help).not.toContain('--web.listen-address');
      for (const other of others) expect(help).not.toContain(`lvs-exporter ${other.name}`);
    },
  );

  it('names the commands, whose options are in their own help', () => {
    const help = helpText();
    for (const { name } of commands) expect(help).toContain(`lvs-exporter ${name}`);
    expect(help).not.toContain('--duration');
  });
});
