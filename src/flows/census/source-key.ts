import type { Flow } from '../../identity/flow.ts';
import { readAddress, writeAddress } from './destination-key.ts';

/** Who begins tracked flows. A client's address is personal data: see `conntrack_source_entries`. */
export interface ZonedSource {
  /** RFC 5952 form. */
  readonly address: string;
  /** Zone of the original direction. */
  readonly zone: number;
}

/** A text that is the same for equal sources. */
export function sourceKey({ address, zone }: ZonedSource): string {
  return `${address} ${zone}`;
}

/** 32-bit words that identify a source: four of the address, one of zone and family. */
export const sourceWords = 5;

/** Writes a flow's source to the first words of `key`. */
export function writeSource(key: Uint32Array, { source, originalZone, family }: Flow): void {
  writeAddress(key, source);
  key[4] = originalZone * 0x100 + family;
}

export function readSource(key: Uint32Array): ZonedSource {
  const zoneAndFamily = key[4] ?? 0;
  return { address: readAddress(key, (zoneAndFamily & 0xff) === 4 ? 4 : 6), zone: zoneAndFamily >>> 8 };
}
