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

/** The address that a flow goes to, whatever the port, in the form of a source. */
export function writeTarget(key: Uint32Array, { destination, originalZone, family }: Flow): void {
  writeAddress(key, destination);
  key[4] = originalZone * 0x100 + family;
}

export function readSource(key: Uint32Array): ZonedSource {
  const zoneAndFamily = key[4] ?? 0;
  return { address: readAddress(key, (zoneAndFamily & 0xff) === 4 ? 4 : 6), zone: zoneAndFamily >>> 8 };
}

/** From a key of a source to that of its network: of IPv6, the sender of one address nearly always has its whole /64. */
export function widenToNetwork(key: Uint32Array): void {
  key[2] = 0;
  key[3] = 0;
}

export function readNetwork(key: Uint32Array): ZonedSource {
  const { address, zone } = readSource(key);
  return { address: `${address}/64`, zone };
}
