import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseIpVsStatus } from '../../../../src/parsers/procfs/ipvs/ip-vs-status.ts';
import { expectParsedOrRefused } from '../../hostile-input.ts';

const busy = readFileSync('test/fixtures/ip_vs/ip_vs_status', 'utf8');

/** A namespace without services: there are no tables then. */
const empty = `Conns:\t0
Conn buckets:\t0 (0 bits, lfactor 0)
Services:\t0
Service buckets:\t0 (0 bits, lfactor 0)
Stats thread slots:\t0 (max 0)
Stats chain max len:\t0
Stats thread ests:\t0
`;

describe('parseIpVsStatus()', () => {
  it.each([
    ['with connections', busy, 9401],
    ['without services', empty, 0],
    ['whose table changed while it was counted', busy.replace(/Conn buckets (empty|len).*\n/g, ''), 9401],
  ])('reads the connections of a namespace %s', (_what, text, connections) => {
    expect(parseIpVsStatus(text)).toEqual({ connections });
  });

  it.each([
    ['an empty file', '', 'Cannot parse line 1: expected "Conns:", got nothing'],
    ['another file', 'x\n', 'Cannot parse line 1: expected "Conns:", got "x"'],
    ['one that ends early', 'Conns:\t7\n', 'Cannot parse line 2: expected "Conn buckets:", got nothing'],
    [
      'connections that are no number',
      busy.replace('9401', 'many'),
      'Cannot parse line 1: expected Conns to be a number, got "many"',
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseIpVsStatus(text)).toThrow(message);
  });

  it('gives connections or a ParseError for any text', () => expectParsedOrRefused(parseIpVsStatus, busy));
});
