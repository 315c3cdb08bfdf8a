import { type Attributes, hasAttribute, indexNest, uint64 } from '../attributes.ts';

/** Totals of a service or a destination since it was made or its counters were zeroed. */
export interface IpvsTraffic {
  readonly connections: number;
  readonly incomingPackets: number;
  readonly outgoingPackets: number;
  readonly incomingBytes: number;
  readonly outgoingBytes: number;
}

/** IPVS_SVC_ATTR_STATS and IPVS_DEST_ATTR_STATS have one number; so have the newer ones. */
const STATS = 10;
export const STATS64 = 12;

/** `enum` of IPVS_STATS_ATTR_* in include/uapi/linux/ip_vs.h. The rates that follow are left to Prometheus. */
const [CONNS, INPKTS, OUTPKTS, INBYTES, OUTBYTES] = [1, 2, 3, 4, 5] as const;

/** STATS64 is there since Linux 4.1. The older STATS has 32 bits for connections and packets, which wrap. */
export function decodeTraffic(owner: Attributes): IpvsTraffic {
  const stats = indexNest(owner, hasAttribute(owner, STATS64) ? STATS64 : STATS, OUTBYTES);
  return {
    connections: uint64(stats, CONNS),
    incomingPackets: uint64(stats, INPKTS),
    outgoingPackets: uint64(stats, OUTPKTS),
    incomingBytes: uint64(stats, INBYTES),
    outgoingBytes: uint64(stats, OUTBYTES),
  };
}
