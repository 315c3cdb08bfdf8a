import { IP_VS_SVC_F_PERSISTENT, type IpvsService } from '../../netlink/ipvs/service.ts';
import type { Sample } from '../../scrape/metric.ts';
import type { JoinedVirtualServer } from './join.ts';
import type { Labels } from './labels/labels.ts';
import {
  ipvsVirtualServerInfo,
  ipvsVirtualServerRealServers,
  ipvsVirtualServerTraffic,
  ipvsVirtualServerWeight,
} from './metrics.ts';
import { sampleTraffic } from './traffic.ts';

export function sampleVirtualServer(joined: JoinedVirtualServer, labels: Labels, name: string | undefined): Sample[] {
  const { server, service } = joined;
  const weights = server.realServers.reduce((sum, real) => sum + real.weight, 0);
  return [
    { metric: ipvsVirtualServerInfo, value: 1, labels: { ...labels, ...infoLabels(joined, name) } },
    { metric: ipvsVirtualServerRealServers, value: server.realServers.length, labels },
    { metric: ipvsVirtualServerWeight, value: weights, labels },
    ...(service ? sampleTraffic(ipvsVirtualServerTraffic, service.traffic, labels) : []),
  ];
}

function infoLabels({ server, service }: JoinedVirtualServer, name: string | undefined): Labels {
  const flags = service ? flagWords(service) : server.flags;
  const persistence = service?.persistenceSeconds;
  return {
    scheduler: server.scheduler,
    flags: flags.join(','),
    ...(persistence === undefined ? {} : { persistence_seconds: String(persistence) }),
    ...(name === undefined ? {} : { name }),
  };
}

/** IP_VS_SVC_F_ONEPACKET, and IP_VS_SVC_F_SCHED1 to 3, whose meaning depends on the scheduler. */
const ONEPACKET = 0x4;
const schedulerFlags = [0x8, 0x10, 0x20];
const schedulerFlagWords: Readonly<Record<string, readonly string[]>> = {
  sh: ['sh-fallback', 'sh-port'],
  mh: ['mh-fallback', 'mh-port'],
};

/** The words of the file, and those of ipvsadm for what the file does not show. */
function flagWords({ scheduler, flags }: IpvsService): string[] {
  return [
    ...((flags & ONEPACKET) === 0 ? [] : ['ops']),
    ...((flags & IP_VS_SVC_F_PERSISTENT) === 0 ? [] : ['persistent']),
    ...schedulerFlags.flatMap((bit, index) =>
      (flags & bit) === 0 ? [] : [schedulerFlagWords[scheduler]?.[index] ?? `flag-${index + 1}`],
    ),
  ];
}
