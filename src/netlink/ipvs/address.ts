import { formatIPv4, formatIPv6 } from '../../identity/address.ts';
import { type Attributes, payloadOf, uint16 } from '../attributes.ts';
import { malformed } from '../messages.ts';

export type IpFamily = 'ipv4' | 'ipv6';

const AF_INET = 2;
const AF_INET6 = 10;

export function decodeFamily(attributes: Attributes, type: number): IpFamily {
  const number = uint16(attributes, type);
  if (number === AF_INET) return 'ipv4';
  if (number === AF_INET6) return 'ipv6';
  throw malformed(attributes.start, `an address has family ${number}`);
}

/** `union nf_inet_addr`: 16 bytes, of which an IPv4 address takes the first four. */
export function decodeAddress(attributes: Attributes, type: number, family: IpFamily): string {
  const { bytes } = attributes;
  if (family === 'ipv4') return formatIPv4(bytes.getUint32(payloadOf(attributes, type, 4)));
  const at = payloadOf(attributes, type, 16);
  return formatIPv6([0, 2, 4, 6, 8, 10, 12, 14].map((offset) => bytes.getUint16(at + offset)));
}
