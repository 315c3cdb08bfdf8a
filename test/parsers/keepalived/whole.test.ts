import { describe, expect, it } from 'vitest';
import type { DumpKind } from '../../../src/host/host.ts';
import { wholeChecks } from '../../../src/parsers/keepalived/whole.ts';
import { ParseError } from '../../../src/parsers/parse-error.ts';
import { readCheckFixture } from '../../keepalived/check-fixtures.ts';
import { readDump } from '../../keepalived/fixtures.ts';

const check = (kind: DumpKind, text: string) => wholeChecks[kind]({ text });

describe('wholeChecks', () => {
  it('accepts whole dumps', () => {
    check('data', readDump('1.3.5', 'data'));
    check('data', readDump('2.4.3', 'data'));
    check('stats', readDump('2.4.3', 'stats'));
    check('stats', readDump('2.4.3', 'stats').replaceAll('\n', ''));
    check('json', readDump('2.4.3', 'json'));
    check('check', readCheckFixture('2.4.3', 'keepalived_check.data'));
  });

  it.each(['json', 'data', 'stats', 'check'] as const)('refuses a file that was just opened: %s', (kind) => {
    expect(() => check(kind, '')).toThrow(ParseError);
  });

  it('refuses data from keepalived 2.0 on that were cut off before their last section', () => {
    const text = readDump('2.2.7/master', 'data');
    const end = text.indexOf('------< Interfaces >------');
    for (let length = 0; length < end; length += 97) {
      expect(() => check('data', text.slice(0, length))).toThrow(ParseError);
    }
  });

  it.each(['------< Interfaces >------\n', '------< Global definitions >------\n'])(
    'accepts data where one line is missing: %j',
    (line) => {
      check('data', readDump('2.2.7/master', 'data').replace(line, ''));
    },
  );

  it('refuses JSON and statistics that were cut off within a line', () => {
    expect(() => check('json', readDump('2.2.7/master', 'json').slice(0, 1200))).toThrow(ParseError);
    expect(() => check('stats', readDump('2.2.7/master', 'stats').slice(0, 1200))).toThrow(ParseError);
  });
});
