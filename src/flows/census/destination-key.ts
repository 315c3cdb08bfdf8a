import { formatIPv4, formatIPv6 } from '../../identity/address.ts';
import type { Flow, FlowEnd, IpVersion } from '../../identity/flow.ts';
import { protocolName } from '../../identity/protocol.ts';

/** Where tracked flows go, before any address translation. The labels of `conntrack_destination_*`. */
export interface FlowTarget {
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
export function destinationKey({ protocol, address, port, zone }: FlowTarget): string {
  return `${protocol} ${address} ${port} ${zone}`;
}

/** 32-bit words that identify a destination: four of the address, one of port and zone, one of protocol and family. */
export const destinationWords = 6;

/** Writes a flow's destination to the first words of `key`. */
export function writeDestination(key: Uint32Array, { destination, originalZone, protocol, family }: Flow): void {
  writeAddress(key, destination);
  key[4] = destination.port * 0x1_0000 + originalZone;
  key[5] = protocol * 0x100 + family;
}

export function readDestination(key: Uint32Array): FlowTarget {
  const portAndZone = key[4] ?? 0;
  return {
    protocol: protocolName(readProtocol(key)),
    address: readAddress(key, ((key[5] ?? 0) & 0xff) === 4 ? 4 : 6),
    port: portAndZone >>> 16,
    zone: portAndZone & 0xffff,
  };
}

export function readProtocol(key: Uint32Array): number {
  return (key[5] ?? 0) >>> 8;
}

export function writeAddress(key: Uint32Array, { address }: FlowEnd): void {
  key[0] = address.getUint32(0);
  key[1] = address.getUint32(4);
  key[2] = address.getUint32(8);
  key[3] = address.getUint32(12);
}

export function readAddress(key: Uint32Array, family: IpVersion): string {
  const [first = 0, second = 0, third = 0, fourth = 0] = key;
  if (family === 4) return formatIPv4(first);
  return formatIPv6([first, second, third, fourth].flatMap((word) => [word >>> 16, word & 0xffff]));
}
