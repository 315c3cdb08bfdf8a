import { describe, expect, it } from 'vitest';
import { parseOsrelease } from '../../../src/parsers/procfs/osrelease.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

describe('parseOsrelease()', () => {
  it('reads the release', () => {
    expect(parseOsrelease('6.1.0-18-amd64\n')).toBe('6.1.0-18-amd64');
  });

  it.each([
    ['a file that was cut off', '6.1.0-1', 'Cannot parse line 1: expected a line end, got the end of the file'],
    ['an empty file', '', 'Cannot parse line 1: expected the release of the kernel, got nothing'],
    ['two lines', '6.1.0\n6.1.1\n', 'Cannot parse line 2: expected one line'],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseOsrelease(text)).toThrow(message);
  });

  it('reads or refuses whatever it is given', () => {
    expectParsedOrRefused(parseOsrelease, '6.1.0-18-amd64\n');
  });
});
