import { describe, expect, it } from 'vitest';
import { wholeChecks } from '../../../src/parsers/keepalived/whole.ts';
import { ParseError } from '../../../src/parsers/parse-error.ts';
import { readCheckFixture } from '../../keepalived/check-fixtures.ts';
import { readDump } from '../../keepalived/fixtures.ts';

describe('wholeChecks', () => {
  it('accepts whole dumps', () => {
    wholeChecks.data(readDump('1.3.5', 'data'));
    wholeChecks.data(readDump('2.4.3', 'data'));
    wholeChecks.stats(readDump('2.4.3', 'stats'));
    wholeChecks.stats(readDump('2.4.3', 'stats').replaceAll('\n', ''));
    wholeChecks.json(readDump('2.4.3', 'json'));
    wholeChecks.check(readCheckFixture('2.4.3', 'keepalived_check.data'));
  });

  it.each(['json', 'data', 'stats', 'check'] as const)('refuses a file that was just opened: %s', (kind) => {
    expect(() => wholeChecks[kind]('')).toThrow(ParseError);
  });

  it('refuses data from keepalived 2.0 on that were cut off before their last section', () => {
    const text = readDump('2.2.7/master', 'data');
    const end = text.indexOf('------< Interfaces >------');
    for (let length = 0; length < end; length += 97) {
      expect(() => wholeChecks.data(text.slice(0, length))).toThrow(ParseError);
    }
  });

  it.each(['------< Interfaces >------\n', '------< Global definitions >------\n'])(
    'accepts data where one line is missing: %j',
    (line) => {
      wholeChecks.data(readDump('2.2.7/master', 'data').replace(line, ''));
    },
  );

  it('refuses JSON and statistics that were cut off within a line', () => {
    expect(() => wholeChecks.json(readDump('2.2.7/master', 'json').slice(0, 1200))).toThrow(ParseError);
    expect(() => wholeChecks.stats(readDump('2.2.7/master', 'stats').slice(0, 1200))).toThrow(ParseError);
  });
});
