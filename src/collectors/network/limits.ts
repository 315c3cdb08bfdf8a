import { sum } from '../../flows/arithmetic.ts';
import type { Host } from '../../host/host.ts';
import { readParsed } from '../../host/read.ts';
import { parseNeighbourStat } from '../../parsers/procfs/neighbour-stat.ts';
import { parseSnmp6Counter } from '../../parsers/procfs/snmp6.ts';
import { parseSockstat } from '../../parsers/procfs/sockstat.ts';
import { parseSoftnetDrops } from '../../parsers/procfs/softnet-stat.ts';
import { parseSysctl } from '../../parsers/procfs/sysctl.ts';
import { parseUdpDrops } from '../../parsers/procfs/udp-sockets.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { ifReadable } from '../attempts.ts';
import {
  networkLimit,
  networkLimitExceededTotal,
  networkLimitUsed,
  networkPacketsTooLongTotal,
  networkUdpPortDrops,
  networkUdpReceiveBufferErrorsTotal,
  networkUdpReceivedTotal,
} from './metrics.ts';
import { counterOf, file, type NumberSource, ofTcp, sampleOf } from './sources.ts';

export const limitMetrics = [
  networkUdpReceiveBufferErrorsTotal,
  networkUdpReceivedTotal,
  networkUdpPortDrops,
  networkPacketsTooLongTotal,
  networkLimitExceededTotal,
  networkLimitUsed,
  networkLimit,
] as const;

const inUse = (group: string, name: string) => file('/proc/net/sockstat', (text) => parseSockstat(text, group, name));
const setting = (name: string) => file(`/proc/sys/net/${name}`, parseSysctl);
const neighbours = (table: string, what: 'entries' | 'tableFulls') =>
  file(`/proc/net/stat/${table}`, (text) => parseNeighbourStat(text)[what]);

/** A counter of IPv4 and that of IPv6, which the kernel keeps apart. */
const ofBoth =
  (group: string, name: string, name6: string): NumberSource =>
  async (host) => {
    const both = await Promise.all([
      counterOf('/proc/net/snmp', group, name)(host),
      file('/proc/net/snmp6', (text) => parseSnmp6Counter(text, name6))(host),
    ]);
    const known = both.filter((one) => one !== undefined);
    return known.length === 0 ? undefined : sum(known);
  };

interface LimitSources {
  readonly limit: string;
  readonly exceeded?: NumberSource;
  readonly used?: NumberSource;
  readonly most?: NumberSource;
}

/** Limits of the kernel outside connection tracking. Those of the whole machine exist in its first network namespace alone. */
const limits: readonly LimitSources[] = [
  { limit: 'udp_send_queue', exceeded: ofBoth('Udp', 'SndbufErrors', 'Udp6SndbufErrors') },
  {
    limit: 'time_wait',
    exceeded: ofTcp('TCPTimeWaitOverflow'),
    used: inUse('TCP', 'tw'),
    most: setting('ipv4/tcp_max_tw_buckets'),
  },
  {
    limit: 'receive_queue',
    exceeded: file('/proc/net/softnet_stat', parseSoftnetDrops),
    most: setting('core/netdev_max_backlog'),
  },
  {
    limit: 'neighbours_ipv4',
    exceeded: neighbours('arp_cache', 'tableFulls'),
    used: neighbours('arp_cache', 'entries'),
    most: setting('ipv4/neigh/default/gc_thresh3'),
  },
  {
    limit: 'neighbours_ipv6',
    exceeded: neighbours('ndisc_cache', 'tableFulls'),
    used: neighbours('ndisc_cache', 'entries'),
    most: setting('ipv6/neigh/default/gc_thresh3'),
  },
];

/** What each limit gave up, what of it is in use, and UDP sockets whose programs do not keep up. */
export function sampleKernelLimits(host: Host): Promise<Sample[]>[] {
  return [
    sampleOf(networkUdpReceiveBufferErrorsTotal, ofBoth('Udp', 'RcvbufErrors', 'Udp6RcvbufErrors')(host)),
    sampleOf(networkUdpReceivedTotal, ofBoth('Udp', 'InDatagrams', 'Udp6InDatagrams')(host)),
    sampleOf(networkPacketsTooLongTotal, ofBoth('Ip', 'FragFails', 'Ip6FragFails')(host)),
    ...limits.flatMap(({ limit, exceeded, used, most }) => [
      ...(exceeded ? [sampleOf(networkLimitExceededTotal, exceeded(host), { limit })] : []),
      ...(used ? [sampleOf(networkLimitUsed, used(host), { limit })] : []),
      ...(most ? [sampleOf(networkLimit, most(host), { limit })] : []),
    ]),
    sampleUdpPorts(host),
  ];
}

const maxPorts = 10;

/** The table is as long as there are sockets: one that is too long is left out. */
async function sampleUdpPorts(host: Host): Promise<Sample[]> {
  const drops = new Map<string, number>();
  for (const path of ['/proc/net/udp', '/proc/net/udp6']) {
    const ofSockets = (await ifReadable(readParsed(host, path, parseUdpDrops))) ?? [];
    for (const [port, dropped] of ofSockets) drops.set(port, (drops.get(port) ?? 0) + dropped);
  }
  const worst = [...drops].sort(([, one], [, other]) => other - one).slice(0, maxPorts);
  return worst.map(([port, dropped]) => ({ ...sample(networkUdpPortDrops, dropped, { port }), isLocal: true }));
}
