import { describe, expect, it } from 'vitest';
import { parseSysctl } from '../../../src/parsers/procfs/sysctl.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

describe('parseSysctl()', () => {
  it.each([
    ['262144\n', 262_144],
    ['0\n', 0],
    ['-1\n', -1],
  ])('reads %j', (text, value) => {
    expect(parseSysctl(text)).toBe(value);
  });

  it.each([
    ['', 'Cannot parse line 1: expected the setting to be a number, got nothing'],
    ['262144', 'Cannot parse line 1: expected a line end, got the end of the file'],
    ['\n', 'Cannot parse line 1: expected the setting to be a number, got ""'],
    ['1\n2\n', 'Cannot parse line 2: expected one line'],
    ['3\t50\n', 'Cannot parse line 1: expected the setting to be a number, got "3\\t50"'],
    ['99999999999999999999\n', 'Cannot parse line 1: expected the setting to be a number, got "99999999999999999999"'],
  ])('refuses %j', (text, message) => {
    expect(() => parseSysctl(text)).toThrow(message);
  });

  it('gives a number or a ParseError for any text', () => expectParsedOrRefused(parseSysctl, '262144\n'));
});
