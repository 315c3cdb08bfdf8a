import {
  type Attributes,
  hasAttribute,
  indexAttributes,
  indexNest,
  int32,
  port,
  uint8,
  uint32,
} from '../attributes.ts';
import { decodeAddress, decodeFamily, type IpFamily } from './address.ts';
import { decodeTraffic, type IpvsTraffic } from './traffic.ts';

/** One that a service forwards to. */
export interface IpvsDestination {
  readonly family: IpFamily;
  readonly address: string;
  readonly port: string;
  readonly forward: string;
  readonly weight: number;
  /** Connections beyond which it gets no more, and below which it gets some again. 0 is no limit. */
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  readonly persistentConnections: number;
  /** How a tunnel wraps packets, and to which port. Undefined before Linux 5.3, which has ipip only. */
  readonly tunnel?: { readonly type: string; readonly port: string };
  readonly traffic: IpvsTraffic;
}

/** include/uapi/linux/ip_vs.h */
const IPVS_CMD_ATTR_DEST = 2;
const [ADDR, PORT, FWD_METHOD, WEIGHT, U_THRESH, L_THRESH] = [1, 2, 3, 4, 5, 6] as const;
const [ACTIVE_CONNS, INACT_CONNS, PERSIST_CONNS] = [7, 8, 9] as const;
const [ADDR_FAMILY, TUN_TYPE, TUN_PORT] = [11, 13, 14] as const;

/** Reads one message of the answer to IPVS_CMD_GET_DEST. Source: ip_vs_genl_fill_dest(). */
export function decodeDestination(bytes: DataView, start: number, stop: number, service: IpFamily): IpvsDestination {
  const message = indexAttributes(bytes, start, stop, IPVS_CMD_ATTR_DEST);
  const destination = indexNest(message, IPVS_CMD_ATTR_DEST, TUN_PORT);
  // Before Linux 3.18 a destination has the family of its service.
  const family = hasAttribute(destination, ADDR_FAMILY) ? decodeFamily(destination, ADDR_FAMILY) : service;
  return {
    family,
    address: decodeAddress(destination, ADDR, family),
    port: String(port(destination, PORT)),
    forward: forwards[uint32(destination, FWD_METHOD) & IP_VS_CONN_F_FWD_MASK] ?? 'masquerade',
    weight: int32(destination, WEIGHT),
    upperThreshold: uint32(destination, U_THRESH),
    lowerThreshold: uint32(destination, L_THRESH),
    activeConnections: uint32(destination, ACTIVE_CONNS),
    inactiveConnections: uint32(destination, INACT_CONNS),
    persistentConnections: uint32(destination, PERSIST_CONNS),
    ...decodeTunnel(destination),
    traffic: decodeTraffic(destination),
  };
}

/** As ip_vs_fwd_name() takes them, in the words of ipvsadm's options. Full NAT is of kernels with patches. */
const forwards: readonly string[] = ['masquerade', 'local', 'tunnel', 'direct', 'bypass', 'fullnat'];
const IP_VS_CONN_F_FWD_MASK = 7;

/** IP_VS_CONN_F_TUNNEL_TYPE_* */
const tunnelTypes = ['ipip', 'gue', 'gre'];

function decodeTunnel(destination: Attributes): Pick<IpvsDestination, 'tunnel'> {
  if (!hasAttribute(destination, TUN_TYPE)) return {};
  const type = uint8(destination, TUN_TYPE);
  return { tunnel: { type: tunnelTypes[type] ?? String(type), port: String(port(destination, TUN_PORT)) } };
}
