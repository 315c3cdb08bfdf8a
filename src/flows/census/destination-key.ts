import { formatIPv4, formatIPv6 } from '../../identity/address.ts';
import type { Endpoint, Flow } from '../../identity/flow.ts';
import { protocolName } from '../../identity/protocol.ts';

/** Where tracked flows go, before any address translation. The labels of `conntrack_destination_*`. */
export interface Destination {
  /** `tcp`; see {@link protocolName}. */
  readonly protocol: string;
  /** RFC 5952 form. */
  readonly address: string;
  /** 0 for a protocol without ports. */
  readonly port: number;
  /** Zone of the original direction. */
  readonly zone: number;
}

/** A text that is the same for equal destinations. */
export function destinationKey({ protocol, address, port, zone }: Destination): string {
  return `${protocol} ${address} ${port} ${zone}`;
}

/** 32-bit words that identify a destination: four of the address, one of port and zone, one of protocol and family. */
export const keyWords = 6;

/** Writes a flow's destination to the first words of `key`. */
export function writeKey(key: Uint32Array, { destination, originalZone, protocol, family }: Flow): void {
  const { address, port } = destination;
  key[0] = address.getUint32(0);
  key[1] = address.getUint32(4);
  key[2] = address.getUint32(8);
  key[3] = address.getUint32(12);
  key[4] = port * 0x1_0000 + originalZone;
  key[5] = protocol * 0x100 + family;
}

export function readKey(key: Uint32Array): Destination {
  const [first = 0, second = 0, third = 0, fourth = 0, portAndZone = 0, protocolAndFamily = 0] = key;
  const words = [first, second, third, fourth];
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  return {
    protocol: protocolName(readProtocol(key)),
    address: (protocolAndFamily & 0xff) === 4 ? formatIPv4(first) : formatIPv6(groups),
    port: portAndZone >>> 16,
    zone: portAndZone & 0xffff,
  };
}

export function readProtocol(key: Uint32Array): number {
  return (key[5] ?? 0) >>> 8;
}

export function hashKey(key: Uint32Array, seed: number): number {
  let hash = seed;
  for (let i = 0; i < keyWords; i++) hash = mix(hash, key[i] ?? 0);
  return finish(hash);
}

export function hashAddress({ address }: Endpoint, seed: number): number {
  let hash = mix(seed, address.getUint32(0));
  hash = mix(hash, address.getUint32(4));
  hash = mix(hash, address.getUint32(8));
  return finish(mix(hash, address.getUint32(12)));
}

/** One round, and below the end, of MurmurHash3 for 32 bits (Austin Appleby, public domain). */
function mix(hash: number, word: number): number {
  let scrambled = Math.imul(word, 0xcc9e2d51);
  scrambled = (scrambled << 15) | (scrambled >>> 17);
  const mixed = hash ^ Math.imul(scrambled, 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let last = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  last = Math.imul(last ^ (last >>> 13), 0xc2b2ae35);
  return (last ^ (last >>> 16)) >>> 0;
}
