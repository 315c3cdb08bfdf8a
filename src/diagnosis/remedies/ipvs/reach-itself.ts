import { ipvsRealServerWeight } from '../../../collectors/ipvs/metrics.ts';
import { isLoopback } from '../../../identity/address.ts';
import { identityOf, nameServer, nameService } from '../../../identity/virtual-server.ts';
import { findServiceManager } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import { serverOption, serviceOption } from '../../commands/ipvsadm.ts';
import { ownerOf } from '../../owner.ts';
import type { RemedyKind } from '../../remedy.ts';

/** A packet that is not translated keeps its port: a real server with another one cannot be reached so. */
export const reachItself: RemedyKind = {
  docs: 'replies-of-masqueraded-real-servers',
  effect: 'cure',
  preconditions: ['ipvsadm-installed'],
  plan: (readings, { id, subject: { service, realServer } }) => {
    if (id !== 'ipvs-replies-missing' || service === undefined || realServer === undefined) return undefined;
    if (!isLoopback(realServer.address) || realServer.port !== service.port) return undefined;
    const server = { real_address: realServer.address, real_port: realServer.port };
    const weight = readings.value(ipvsRealServerWeight, { ...identityOf({ ...service }), ...server });
    const edit = (forward: string) =>
      `ipvsadm -e ${serviceOption(service)} ${serverOption({ ...realServer, forward })} -w ${weight}`;
    return {
      owner: ownerOf(readings),
      title: `Give ${nameServer(realServer)} the packets of ${nameService(service)} without translation (direct routing)`,
      commands: [edit('direct')],
      tradeOff: 'The service on this host must listen on the virtual address, or on all addresses.',
      undo: [edit('masquerade')],
      persistent: { none: whereKept(readings, realServer) },
      verify: ['ipvsadm -L -n --stats'],
    };
  },
};

function whereKept(readings: Readings, { address, port }: { readonly address: string; readonly port: string }): string {
  const ways = {
    ldirectord: `In ldirectord.cf, write: fallback = ${address}:${port} gate`,
    keepalived: 'In the virtual_server of keepalived.conf, add: sorry_server_lvs_method DR',
  };
  const manager = findServiceManager(readings);
  if (manager === 'ldirectord' || manager === 'keepalived') return ways[manager];
  return 'Set direct routing for it where this virtual server is configured.';
}
