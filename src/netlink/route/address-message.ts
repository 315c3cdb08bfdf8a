import { formatIPv4, formatIPv6 } from '../../identity/address.ts';
import { type Attributes, hasAttribute, indexAttributes, nulTerminatedText, payloadOf, uint32 } from '../attributes.ts';
import { malformed } from '../messages.ts';

/** An address that a network interface has. */
export interface InterfaceAddress {
  readonly interface: string;
  readonly address: string;
}

/** An address as the kernel has it: on the interface of this number. */
export interface NumberedAddress {
  readonly interfaceIndex: number;
  readonly address: string;
}

export interface NumberedInterface {
  readonly index: number;
  readonly name: string;
}

/** Bytes of `struct ifaddrmsg` and of `struct ifinfomsg`. */
export const ifaddrmsgLength = 8;
export const ifinfomsgLength = 16;

const AF_INET = 2;
const AF_INET6 = 10;

const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_FLAGS = 8;
const IFLA_IFNAME = 3;

/** Duplicate address detection found that another host has the address: the kernel does not use it. */
const IFA_F_DADFAILED = 0x08;

/**
 * Reads one answer to RTM_GETADDR; undefined for one that is no IP address or is not in use. Sources:
 * inet_fill_ifaddr() in net/ipv4/devinet.c, inet6_fill_ifaddr() in net/ipv6/addrconf.c.
 */
export function decodeInterfaceAddress(bytes: DataView, start: number, stop: number): NumberedAddress | undefined {
  if (stop - start < ifaddrmsgLength) throw malformed(start, 'a message has no ifaddrmsg');
  const family = bytes.getUint8(start);
  const attributes = indexAttributes(bytes, start + ifaddrmsgLength, stop, IFA_FLAGS);
  // ifa_flags has the lowest 8 of 32.
  const flags = hasAttribute(attributes, IFA_FLAGS) ? uint32(attributes, IFA_FLAGS) : bytes.getUint8(start + 2);
  if ((family !== AF_INET && family !== AF_INET6) || (flags & IFA_F_DADFAILED) !== 0) return undefined;
  return { interfaceIndex: bytes.getUint32(start + 4, true), address: readLocal(attributes, family) };
}

/** IFA_ADDRESS is the peer's where there is one. */
function readLocal(attributes: Attributes, family: number): string {
  const type = hasAttribute(attributes, IFA_LOCAL) ? IFA_LOCAL : IFA_ADDRESS;
  const { bytes } = attributes;
  if (family === AF_INET) return formatIPv4(bytes.getUint32(payloadOf(attributes, type, 4)));
  const at = payloadOf(attributes, type, 16);
  return formatIPv6([0, 2, 4, 6, 8, 10, 12, 14].map((offset) => bytes.getUint16(at + offset)));
}

/** Reads one answer to RTM_GETLINK. Source: rtnl_fill_ifinfo() in net/core/rtnetlink.c. */
export function decodeInterface(bytes: DataView, start: number, stop: number): NumberedInterface {
  if (stop - start < ifinfomsgLength) throw malformed(start, 'a message has no ifinfomsg');
  const attributes = indexAttributes(bytes, start + ifinfomsgLength, stop, IFLA_IFNAME);
  return { index: bytes.getInt32(start + 4, true), name: nulTerminatedText(attributes, IFLA_IFNAME) };
}
