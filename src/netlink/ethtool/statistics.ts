import { endianness } from 'node:os';

/** What the driver of an interface counts, by the driver's own names. */
export interface InterfaceStatistics {
  readonly interface: string;
  /** `ena`, `veth`. */
  readonly driver: string;
  readonly counters: Readonly<Record<string, number>>;
}

const nameBytes = 32;
const valueBytes = 8;

/** Of the structures in include/uapi/linux/ethtool.h. Each begins with its command. */
export const layout = {
  isLittleEndian: endianness() === 'LE',
  /** struct ethtool_drvinfo */
  driverBytes: 196,
  /** struct ethtool_sset_info, for one set of strings */
  countBytes: 20,
  countMaskOffset: 8,
  countOffset: 16,
  /** struct ethtool_gstrings */
  setOffset: 4,
  namesBytes: (most: number) => 12 + most * nameBytes,
  /** struct ethtool_stats */
  valuesBytes: (most: number) => 8 + most * valueBytes,
} as const;

export function readDriver(drvinfo: DataView): string {
  return readText(drvinfo, 4);
}

/** Undefined unless there are as many values as names: a queue was added or removed in between. */
export function readCounters(strings: DataView, stats: DataView): Record<string, number> | undefined {
  const count = strings.getUint32(8, layout.isLittleEndian);
  if (count !== stats.getUint32(4, layout.isLittleEndian)) return undefined;
  const counters = Array.from({ length: count }, (_, index) => [
    readText(strings, 12 + index * nameBytes),
    Number(stats.getBigUint64(8 + index * valueBytes, layout.isLittleEndian)),
  ]);
  return Object.fromEntries(counters);
}

/** Up to the first zero, which a name of 32 bytes does not have. */
function readText(bytes: DataView, offset: number): string {
  const field = Buffer.from(bytes.buffer, bytes.byteOffset + offset, nameBytes);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end === -1 ? nameBytes : end);
}
