import type { Host } from '../../host/host.ts';
import { hasCode, isAbsent } from '../../host/read.ts';
import type { IpvsDetail } from '../../netlink/ipvs/ipvs.ts';

/** Undefined without CAP_NET_ADMIN, on a platform without koffi, and where the file is not of this kernel. */
export async function readDetail(host: Host): Promise<IpvsDetail | undefined> {
  try {
    return await host.ipvs();
  } catch (error) {
    if (isAbsent(error) || hasCode(error, 'EPERM', 'EACCES', 'EOPNOTSUPP', 'EPROTONOSUPPORT', 'EAFNOSUPPORT', 'ENOSYS'))
      return undefined;
    throw error;
  }
}
