import { IP_VS_SVC_F_PERSISTENT, type IpvsService } from '../../netlink/ipvs/service.ts';
import { gauge, type Sample } from '../../scrape/metric.ts';
import type { JoinedVirtualServer } from './join.ts';
import { trafficCounters } from './traffic.ts';

/** `family` is that of a firewall-mark service; ordinary ones do not have the label. */
export const virtualServerLabels = ['protocol', 'address', 'port', 'fwmark', 'family'] as const;

const info = gauge(
  'ipvs_virtual_server_info',
  'How a virtual server schedules. Always 1. Persistence and the flags of its scheduler are known over netlink alone.',
  [...virtualServerLabels, 'scheduler', 'flags', 'persistence_seconds'],
);
const realServers = gauge(
  'ipvs_virtual_server_real_servers',
  'Real servers of a virtual server. 0 when it has nobody behind it.',
  virtualServerLabels,
);
const weight = gauge(
  'ipvs_virtual_server_weight',
  'Sum of the weights of a virtual server. 0 when nobody takes new connections.',
  virtualServerLabels,
);
const traffic = trafficCounters('ipvs_virtual_server', ' of a virtual server', virtualServerLabels);

export const virtualServerMetrics = [info, realServers, weight, ...traffic.metrics];

export type Labels = Sample['labels'];

/** `family` besides, where it is known. */
export type VirtualServerLabels = Labels & Readonly<Record<'protocol' | 'address' | 'port' | 'fwmark', string>>;

export function labelVirtualServer({ server, family }: JoinedVirtualServer): VirtualServerLabels {
  const { protocol, address, port, fwmark } = server;
  return family === undefined ? { protocol, address, port, fwmark } : { protocol, address, port, fwmark, family };
}

export function sampleVirtualServer(joined: JoinedVirtualServer, labels: Labels): Sample[] {
  const { server, service } = joined;
  const weights = server.realServers.reduce((sum, real) => sum + real.weight, 0);
  return [
    { metric: info, value: 1, labels: { ...labels, ...describe(joined) } },
    { metric: realServers, value: server.realServers.length, labels },
    { metric: weight, value: weights, labels },
    ...(service ? traffic.sample(service.traffic, labels) : []),
  ];
}

function describe({ server, service }: JoinedVirtualServer): Labels {
  const flags = service ? flagWords(service) : server.flags;
  const persistence = service?.persistenceSeconds;
  return {
    scheduler: server.scheduler,
    flags: flags.join(','),
    ...(persistence === undefined ? {} : { persistence_seconds: String(persistence) }),
  };
}

/** IP_VS_SVC_F_ONEPACKET, and IP_VS_SVC_F_SCHED1 to 3, which mean what the scheduler takes them for. */
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
