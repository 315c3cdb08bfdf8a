import { ifNetlink } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import type { IpvsDetail } from '../../netlink/ipvs/ipvs.ts';

/** Undefined where netlink is not available, without CAP_NET_ADMIN above all. */
export function readDetail(host: Host): Promise<IpvsDetail | undefined> {
  return ifNetlink(host.ipvs());
}
