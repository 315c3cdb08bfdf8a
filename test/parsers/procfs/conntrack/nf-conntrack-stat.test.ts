import { describe, expect, it } from 'vitest';
import { parseNfConntrackStat } from '../../../../src/parsers/procfs/conntrack/nf-conntrack-stat.ts';
import { expectParsedOrRefused } from '../../hostile-input.ts';

/** The compute node of the lab, Linux 6.1; the columns that Linux 5.15 and later print. */
const current = `entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
000013f5  00000000 00000000 00000000 0000b136 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000  00000000 00000000 00000000 00000000
000013f5  00000001 00000002 00000000 fffffffe 00000000 00000000 00000003 00000004 00000005 00000006 00000007 00000008  00000009 0000000a 0000000b 0000000c
`;

/** The header of `ct_cpu_seq_show()` in Linux 5.4, 5.10 and 2.6.32; values made up. */
const columns54 =
  'entries  searched found new invalid ignore delete delete_list insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart';
const columns510 = columns54.replace('searched', 'clashres');
const columns2632 = columns54.replace(' search_restart', '');

describe('parseNfConntrackStat()', () => {
  it('reads a line for each CPU by the names in the header', () => {
    const [first, second, ...rest] = parseNfConntrackStat(current);
    expect(rest).toEqual([]);
    expect(first?.get('invalid')).toBe(0xb136);
    expect(Object.fromEntries(second ?? [])).toEqual({
      entries: 0x13f5,
      clashres: 1,
      found: 2,
      new: 0,
      invalid: 0xfffffffe,
      ignore: 0,
      delete: 0,
      chainlength: 3,
      insert: 4,
      insert_failed: 5,
      drop: 6,
      early_drop: 7,
      icmp_error: 8,
      expect_new: 9,
      expect_create: 10,
      expect_delete: 11,
      search_restart: 12,
    });
  });

  it.each([
    ['5.4', columns54, 17],
    ['5.10', columns510, 17],
    ['2.6.32', columns2632, 16],
  ])('reads the columns of Linux %s', (_version, columns, count) => {
    const names = columns.split(/ +/);
    const row = names.map((_name, index) => index.toString(16).padStart(8, '0')).join(' ');
    const [cpu] = parseNfConntrackStat(`${columns}\n${row}\n`);
    expect([...(cpu ?? [])]).toEqual(names.map((name, index) => [name, index]));
    expect(names).toHaveLength(count);
  });

  it.each([
    ['an empty file', '', 'Cannot parse line 1: expected a header that starts with "entries"'],
    ['another file', 'x y\n1 2\n', 'Cannot parse line 1: expected a header that starts with "entries"'],
    ['a column that comes twice', 'entries found found\n1 2 3\n', 'Cannot parse line 1: expected each column once'],
    ['a header alone', 'entries found\n', 'Cannot parse line 2: expected a line for a CPU, got the end of the file'],
    ['a row with too few columns', 'entries found\n00000001\n', 'Cannot parse line 2: expected 2 columns, got 1'],
    [
      'a counter that is not a number',
      'entries found\n1 zz\n',
      'Cannot parse line 2: expected "found" to be a hexadecimal number, got "zz"',
    ],
    [
      'a column with a long name',
      `entries ${'x'.repeat(3000)}\n00000001 zz\n`,
      `Cannot parse line 2: expected "${'x'.repeat(40)}…" to be a hexadecimal number, got "zz"`,
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseNfConntrackStat(text)).toThrow(message);
  });

  it('gives counters or a ParseError for any text', () => expectParsedOrRefused(parseNfConntrackStat, current));
});
