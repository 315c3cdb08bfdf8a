import { describe, expect, it } from 'vitest';
import { parsePluginLine } from './plugin-line.ts';

describe('parsePluginLine()', () => {
  it('reads values with their thresholds', () => {
    const line =
      "LVS WARNING: full | used=80%;75;90;0;100 'ns 1 used'=95%;75;90 full_in=60s;86400:;3600:;0 idle=7;@5:9";
    expect(parsePluginLine(`${line}\n`)).toEqual({
      state: 'WARNING',
      text: 'full',
      values: [
        { label: 'used', value: 80, unit: '%', state: 'WARNING' },
        { label: 'ns 1 used', value: 95, unit: '%', state: 'CRITICAL' },
        { label: 'full_in', value: 60, unit: 's', state: 'CRITICAL' },
        { label: 'idle', value: 7, unit: '', state: 'WARNING' },
      ],
    });
  });

  it.each([
    ['two lines', 'LVS OK: a\nb\n'],
    ['no end', 'LVS OK: a'],
    ['another state', 'LVS FINE: a\n'],
    ['a bar in its text', 'LVS OK: a | b | c=1\n'],
    ['a label with a blank', 'LVS OK: a | b c=1\n'],
    ['a number with a comma', 'LVS OK: a | b=1,000\n'],
    ['a value that is none', 'LVS OK: a | b=NaN\n'],
    ['an unknown unit', 'LVS OK: a | b=1entries\n'],
    ['a range without numbers', 'LVS OK: a | b=1;:\n'],
    ['a value below its minimum', 'LVS OK: a | b=-1;;;0\n'],
  ])('refuses %s', (_what, line) => {
    expect(() => parsePluginLine(line)).toThrow();
  });
});
