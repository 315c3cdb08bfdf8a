import { describe, expect, it } from 'vitest';
import { parseMemoryTotal } from '../../../src/parsers/procfs/meminfo.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

const meminfo = 'MemTotal:       24684084 kB\nMemFree:        22887872 kB\n';

describe('parseMemoryTotal()', () => {
  it('reads the memory of the machine', () => {
    expect(parseMemoryTotal(meminfo)).toBe(24_684_084 * 1024);
  });

  it('refuses another file', () => {
    const message = 'Cannot parse line 1: expected "MemTotal: … kB", got "MemFree: 1 kB"';
    expect(() => parseMemoryTotal('MemFree: 1 kB\n')).toThrow(message);
  });

  it('gives a number or a ParseError for any text', () => expectParsedOrRefused(parseMemoryTotal, meminfo));
});
