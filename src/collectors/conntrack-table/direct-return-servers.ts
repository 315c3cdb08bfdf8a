import type { FlowTarget } from '../../flows/census/destination-key.ts';
import type { Host } from '../../host/host.ts';
import { bypassesDirector } from '../../identity/thresholds.ts';
import { type IpVsTable, parseIpVs } from '../../parsers/procfs/ipvs/ip-vs.ts';

/**
 * The virtual servers of this machine that forward direct or by tunnel: their real servers answer past it. None where
 * there is no IPVS, or a table that the ipvs collector will complain of.
 */
export async function readDirectReturnServers(host: Host): Promise<readonly Omit<FlowTarget, 'zone'>[]> {
  const { virtualServers } = await readTable(host);
  return virtualServers
    .filter(({ fwmark }) => fwmark === '')
    .filter(({ realServers }) => realServers.some(({ forward }) => bypassesDirector(forward)))
    .map(({ protocol, address, port }) => ({ protocol, address, port: Number(port) }));
}

async function readTable(host: Host): Promise<Pick<IpVsTable, 'virtualServers'>> {
  try {
    return parseIpVs(await host.readFile('/proc/net/ip_vs'));
  } catch {
    return { virtualServers: [] };
  }
}
