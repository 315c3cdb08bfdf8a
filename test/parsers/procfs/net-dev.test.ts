import { describe, expect, it } from 'vitest';
import { parseNetDev } from '../../../src/parsers/procfs/net-dev.ts';
import { expectParsedOrRefused } from '../hostile-input.ts';

/** Linux 6.1, a compute node of the lab, shortened. */
const compute = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
tap1a2b3c4d-5e: 4513010   44703    0    0    0     0          0         0  3201418   36731    0    0    0     0       0          0
`;

describe('parseNetDev()', () => {
  it('reads the device names', () => {
    expect(parseNetDev(compute)).toEqual(['lo', 'tap1a2b3c4d-5e']);
  });

  it.each([
    ['an empty file', '', 'Cannot parse line 1: expected the header "Inter-|", got nothing'],
    ['half a header', 'Inter-| Receive\n', 'Cannot parse line 2: expected the header " face |", got nothing'],
    ['what is no device', `${compute}eth0\n`, 'Cannot parse line 5: expected a device and its counters, got "eth0"'],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseNetDev(text)).toThrow(message);
  });

  it('gives names or a ParseError for any text', () => expectParsedOrRefused(parseNetDev, compute));
});
