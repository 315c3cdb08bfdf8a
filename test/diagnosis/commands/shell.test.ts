import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandInNamespace, quoteShell } from '../../../src/diagnosis/commands/shell.ts';
import { anyCharacter } from '../../parsers/hostile-input.ts';

describe('quote()', () => {
  it('leaves what no shell understands as anything else', () => {
    expect(['10.0.0.1/32', 'fd00::1/128', 'eth0.7@eth0', 'a-b_c'].map(quoteShell)).toEqual([
      '10.0.0.1/32',
      'fd00::1/128',
      'eth0.7@eth0',
      'a-b_c',
    ]);
  });

  it('makes one word of any text', () => {
    // No word of a command has the character that ends it.
    const text = fc.string({ unit: anyCharacter.filter((character) => character !== '\0') });
    const words = fc.sample(text, 200);
    const script = `printf '%s\\0' ${['$(id)', "'", '', '*', ...words].map(quoteShell).join(' ')}`;
    const printed = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
    expect(printed).toEqual(['$(id)', "'", '', '*', ...words]);
  });
});

describe('inNamespace()', () => {
  it.each([
    [undefined, 'sysctl -w a=1'],
    ['qrouter-1', 'ip netns exec qrouter-1 sysctl -w a=1'],
    ['a; reboot', "ip netns exec 'a; reboot' sysctl -w a=1"],
    ['/proc/7/ns/net', 'nsenter --net=/proc/7/ns/net sysctl -w a=1'],
  ])('%s', (netns, expected) => {
    expect(commandInNamespace(netns, 'sysctl -w a=1')).toBe(expected);
  });
});
