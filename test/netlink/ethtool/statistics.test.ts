import { describe, expect, it } from 'vitest';
import { layout, readCounters, readDriver } from '../../../src/netlink/ethtool/statistics.ts';

const little = layout.isLittleEndian;

/** struct ethtool_gstrings, with room that is not used. */
function names(...texts: readonly string[]): DataView {
  const bytes = Buffer.alloc(layout.namesBytes(texts.length + 2));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setUint32(8, texts.length, little);
  for (const [index, text] of texts.entries()) bytes.write(text, 12 + index * 32, 'latin1');
  return view;
}

/** struct ethtool_stats */
function values(...counted: readonly bigint[]): DataView {
  const view = new DataView(new ArrayBuffer(layout.valuesBytes(counted.length + 2)));
  view.setUint32(4, counted.length, little);
  for (const [index, value] of counted.entries()) view.setBigUint64(8 + index * 8, value, little);
  return view;
}

describe('readCounters()', () => {
  it('gives each value its name, of 32 bytes too, and values beyond 2^32', () => {
    const longest = 'a_name_of_exactly_32_characters_';
    const read = readCounters(names('conntrack_allowance_available', longest), values(76_957n, 2n ** 40n));
    expect(read).toEqual({ conntrack_allowance_available: 76_957, [longest]: 2 ** 40 });
  });

  it('gives none where a queue came or went between names and values', () => {
    expect(readCounters(names('tx_timeout', 'suspend'), values(1n))).toBeUndefined();
  });
});

it('readDriver() reads the name up to its end', () => {
  const bytes = Buffer.alloc(layout.driverBytes);
  bytes.write('ena\0left over', 4);
  expect(readDriver(new DataView(bytes.buffer, bytes.byteOffset, bytes.length))).toBe('ena');
});
