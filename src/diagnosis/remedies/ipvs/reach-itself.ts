import {
  ipvsRealServerLowerThreshold,
  ipvsRealServerUpperThreshold,
  ipvsRealServerWeight,
} from '../../../collectors/ipvs/metrics.ts';
import { keepalivedRealServerUp } from '../../../collectors/keepalived-checkers/metrics.ts';
import { isLoopback } from '../../../identity/address.ts';
import { identityOf, nameServer, nameService } from '../../../identity/virtual-server.ts';
import { findServiceManager } from '../../../readings/machine.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Sample } from '../../../scrape/metric.ts';
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
    const labels = {
      ...identityOf({ ...service }),
      real_address: realServer.address,
      real_port: realServer.port,
    };
    const settings = keepSettings(readings, labels);
    if (settings === undefined) return undefined;
    const edit = (forward: string) =>
      `ipvsadm -e ${serviceOption(service)} ${serverOption({ ...realServer, forward })} ${settings}`;
    return {
      owner: ownerOf(readings),
      title: `Give ${nameServer(realServer)} the packets of ${nameService(service)} without translation (direct routing)`,
      commands: [edit('direct')],
      tradeOff: 'The service on this host must listen on the virtual address, or on all addresses.',
      undo: [edit('masquerade')],
      persistent: { none: whereKept(readings, labels) },
      verify: ['ipvsadm -L -n --stats'],
    };
  },
};

/** `-w 1 -x 100 -y 50`: an edit sets what it does not name to its default. Undefined where the weight is not read. */
function keepSettings(readings: Readings, labels: Sample['labels']): string | undefined {
  const weight = readings.value(ipvsRealServerWeight, labels);
  const upper = readings.value(ipvsRealServerUpperThreshold, labels);
  const lower = readings.value(ipvsRealServerLowerThreshold, labels);
  return weight === undefined ? undefined : `-w ${weight}${upper ? ` -x ${upper}` : ''}${lower ? ` -y ${lower}` : ''}`;
}

function whereKept(readings: Readings, labels: Sample['labels']): string {
  const isChecked = readings.all(keepalivedRealServerUp, labels).length > 0;
  const ways = {
    ldirectord: 'In ldirectord.cf, write gate instead of masq in the line (fallback or real) that has this address.',
    keepalived: isChecked
      ? 'In its real_server of keepalived.conf, set: lvs_method DR'
      : 'In the virtual_server of keepalived.conf, add: sorry_server_lvs_method DR',
  };
  const manager = findServiceManager(readings);
  if (manager === 'ldirectord' || manager === 'keepalived') return ways[manager];
  return 'Set direct routing for it where this virtual server is configured.';
}
