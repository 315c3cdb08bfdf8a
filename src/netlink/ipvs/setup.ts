import { indexAttributes, indexNest, nulTerminatedText, uint32 } from '../attributes.ts';

/** How long IPVS keeps a connection after its last packet. It is in no file. */
export interface IpvsTimeouts {
  readonly tcpSeconds: number;
  readonly tcpFinSeconds: number;
  readonly udpSeconds: number;
}

/** A thread that announces connections to another director (master), or listens to one (backup). */
export interface SyncDaemon {
  readonly role: 'master' | 'backup';
  readonly interface: string;
  readonly syncId: number;
}

/** include/uapi/linux/ip_vs.h */
const [TIMEOUT_TCP, TIMEOUT_TCP_FIN, TIMEOUT_UDP] = [4, 5, 6] as const;
const IPVS_CMD_ATTR_DAEMON = 3;
const [DAEMON_STATE, DAEMON_MCAST_IFN, DAEMON_SYNC_ID] = [1, 2, 3] as const;
const IP_VS_STATE_MASTER = 1;

/** Reads the answer to IPVS_CMD_GET_CONFIG. Source: ip_vs_genl_get_cmd(). */
export function decodeTimeouts(bytes: DataView, start: number, stop: number): IpvsTimeouts {
  const config = indexAttributes(bytes, start, stop, TIMEOUT_UDP);
  return {
    tcpSeconds: uint32(config, TIMEOUT_TCP),
    tcpFinSeconds: uint32(config, TIMEOUT_TCP_FIN),
    udpSeconds: uint32(config, TIMEOUT_UDP),
  };
}

/** Reads one message of the answer to IPVS_CMD_GET_DAEMON. Source: ip_vs_genl_fill_daemon(). */
export function decodeDaemon(bytes: DataView, start: number, stop: number): SyncDaemon {
  const message = indexAttributes(bytes, start, stop, IPVS_CMD_ATTR_DAEMON);
  const daemon = indexNest(message, IPVS_CMD_ATTR_DAEMON, DAEMON_SYNC_ID);
  return {
    role: uint32(daemon, DAEMON_STATE) === IP_VS_STATE_MASTER ? 'master' : 'backup',
    interface: nulTerminatedText(daemon, DAEMON_MCAST_IFN),
    syncId: uint32(daemon, DAEMON_SYNC_ID),
  };
}
