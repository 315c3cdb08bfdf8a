import { sum } from '../../flows/arithmetic.ts';
import { ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { readParsed } from '../../host/read.ts';
import { parseNeighbourStat } from '../../parsers/procfs/neighbour-stat.ts';
import { parseNetstatCounter } from '../../parsers/procfs/netstat.ts';
import { parseRouteEntries } from '../../parsers/procfs/rt6-stats.ts';
import { parseSnmp6Counter } from '../../parsers/procfs/snmp6.ts';
import { parseSockstat } from '../../parsers/procfs/sockstat.ts';
import { parseSoftnetDrops } from '../../parsers/procfs/softnet-stat.ts';
import { parseLastNumber } from '../../parsers/procfs/sysctl.ts';
import { parseUdpDrops } from '../../parsers/procfs/udp-sockets.ts';
import { type Sample, sample, sampleKnown } from '../../scrape/metric.ts';
import { isSourceError } from '../attempts.ts';
import {
  networkLimit,
  networkLimitExceededTotal,
  networkLimitUsed,
  networkPacketsTooLongTotal,
  networkUdpPortDrops,
  networkUdpReceiveBufferErrorsTotal,
  networkUdpReceivedTotal,
} from './metrics.ts';

export const limitMetrics = [
  networkUdpReceiveBufferErrorsTotal,
  networkUdpReceivedTotal,
  networkUdpPortDrops,
  networkPacketsTooLongTotal,
  networkLimitExceededTotal,
  networkLimitUsed,
  networkLimit,
] as const;

/** Undefined where this kernel, or this network namespace, does not have it. */
type Source = (host: Host) => Promise<number | undefined>;

const file =
  (path: string, parse: (text: string) => number | undefined): Source =>
  (host) =>
    ifPresent(readParsed(host, path, parse));
const counterOf = (path: string, group: string, name: string) =>
  file(path, (text) => parseNetstatCounter(text, group, name));
const ofTcp = (name: string) => counterOf('/proc/net/netstat', 'TcpExt', name);
const inUse = (group: string, name: string) => file('/proc/net/sockstat', (text) => parseSockstat(text, group, name));
const setting = (name: string) => file(`/proc/sys/net/${name}`, parseLastNumber);
const neighbours = (table: string, what: 'entries' | 'tableFulls') =>
  file(`/proc/net/stat/${table}`, (text) => parseNeighbourStat(text)[what]);

/** A counter of IPv4 and that of IPv6, which the kernel keeps apart. */
const ofBoth =
  (group: string, name: string, name6: string): Source =>
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
  readonly exceeded?: Source;
  readonly used?: Source;
  readonly most?: Source;
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
  { limit: 'routes_ipv6', used: file('/proc/net/rt6_stats', parseRouteEntries), most: setting('ipv6/route/max_size') },
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

async function sampleOf(
  metric: Parameters<typeof sampleKnown>[0],
  value: Promise<number | undefined>,
  labels: Sample['labels'] = {},
): Promise<Sample[]> {
  return sampleKnown(metric, await value, labels);
}

const maxPorts = 10;

/** The table is as long as there are sockets: one that is too long is left out. */
async function sampleUdpPorts(host: Host): Promise<Sample[]> {
  const drops = new Map<string, number>();
  for (const path of ['/proc/net/udp', '/proc/net/udp6']) {
    for (const [port, dropped] of await readDrops(host, path)) drops.set(port, (drops.get(port) ?? 0) + dropped);
  }
  const worst = [...drops].sort(([, one], [, other]) => other - one).slice(0, maxPorts);
  return worst.map(([port, dropped]) => ({ ...sample(networkUdpPortDrops, dropped, { port }), isLocal: true }));
}

async function readDrops(host: Host, path: string): Promise<ReadonlyMap<string, number>> {
  try {
    return (await ifPresent(readParsed(host, path, parseUdpDrops))) ?? new Map();
  } catch (error) {
    if (isSourceError(error)) return new Map();
    throw error;
  }
}
