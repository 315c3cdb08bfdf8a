import {
  type Attributes,
  copyAttributes,
  hasAttribute,
  indexAttributes,
  indexNest,
  nulTerminatedText,
  payloadOf,
  port,
  uint16,
  uint32,
} from '../attributes.ts';
import { encodeAttribute } from '../messages.ts';
import { decodeAddress, decodeFamily, type IpFamily } from './address.ts';
import { decodeTraffic, type IpvsTraffic, STATS64 } from './traffic.ts';

/** A service as generic netlink reports it, identified by the same words as a virtual server of /proc/net/ip_vs. */
export interface IpvsService {
  readonly family: IpFamily;
  /** `tcp`, `ip_50`; empty for a firewall-mark service, as are `address` and `port`. */
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
  /** Decimal; empty for an ordinary service. */
  readonly fwmark: string;
  readonly scheduler: string;
  /** Bits of IP_VS_SVC_F_*. */
  readonly flags: number;
  /** How long a client stays with its real server. Undefined where the service is not persistent. */
  readonly persistenceSeconds?: number;
  /** Which clients persistence takes for one: `255.255.255.0`, or the length of an IPv6 prefix. */
  readonly netmask: string;
  readonly traffic: IpvsTraffic;
}

/** include/uapi/linux/ip_vs.h */
export const IPVS_CMD_ATTR_SERVICE = 1;
const [AF, PROTOCOL, ADDR, PORT, FWMARK, SCHED_NAME, FLAGS, TIMEOUT, NETMASK] = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

export const IP_VS_SVC_F_PERSISTENT = 1;

/** Reads one message of the answer to IPVS_CMD_GET_SERVICE. Source: ip_vs_genl_fill_service(). */
export function decodeService(bytes: DataView, start: number, stop: number): IpvsService {
  const service = indexService(bytes, start, stop);
  const family = decodeFamily(service, AF);
  // `struct ip_vs_flags`: the flags, and a mask that only requests need.
  const flags = bytes.getUint32(payloadOf(service, FLAGS, 4), true);
  return {
    family,
    ...decodeIdentity(service, family),
    scheduler: nulTerminatedText(service, SCHED_NAME),
    flags,
    ...((flags & IP_VS_SVC_F_PERSISTENT) === 0 ? {} : { persistenceSeconds: uint32(service, TIMEOUT) }),
    netmask: family === 'ipv4' ? decodeAddress(service, NETMASK, family) : String(uint32(service, NETMASK)),
    traffic: decodeTraffic(service),
  };
}

function indexService(bytes: DataView, start: number, stop: number): Attributes {
  return indexNest(indexAttributes(bytes, start, stop, IPVS_CMD_ATTR_SERVICE), IPVS_CMD_ATTR_SERVICE, STATS64);
}

function decodeIdentity(service: Attributes, family: IpFamily) {
  if (hasAttribute(service, FWMARK)) {
    return { protocol: '', address: '', port: '', fwmark: String(uint32(service, FWMARK)) };
  }
  return {
    protocol: protocolName(uint16(service, PROTOCOL)),
    address: decodeAddress(service, ADDR, family),
    port: String(port(service, PORT)),
    fwmark: '',
  };
}

const protocols = new Map([
  [0, 'ip'],
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmpv6'],
  [132, 'sctp'],
]);

/** As ip_vs_proto_name() has it, in lower case. */
function protocolName(number: number): string {
  return protocols.get(number) ?? `ip_${number}`;
}

/** The attribute that names the service of a message in a request about it: what identifies it, byte for byte. */
export function encodeServiceName(bytes: DataView, start: number, stop: number): Uint8Array {
  const identity = copyAttributes(indexService(bytes, start, stop), [AF, PROTOCOL, ADDR, PORT, FWMARK]);
  return encodeAttribute(IPVS_CMD_ATTR_SERVICE, identity);
}
