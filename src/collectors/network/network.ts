import { ifNetlink, ifPresent } from '../../host/errors.ts';
import type { Host } from '../../host/host.ts';
import { readParsed, readParsedInTurns } from '../../host/read.ts';
import { parseIPv4 } from '../../identity/address.ts';
import { parsePortRange, parseSysctl } from '../../parsers/procfs/sysctl.ts';
import type { Collector } from '../../scrape/collector.ts';
import { seriesLimited } from '../../scrape/exporter-metrics.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { PartialFailure } from '../../scrape/partial-failure.ts';
import { createAttempts } from '../attempts.ts';
import { limitMetrics, sampleKernelLimits } from './limits.ts';
import {
  networkHiddenAddressInfo,
  networkIcmpUnreachableSentTotal,
  networkInterfaceSetting,
  networkListenOverflowsTotal,
  networkLocalPort,
  networkMisaddressedPacketsTotal,
  networkReversePathFilteredTotal,
  networkSetting,
  networkSynCookiesReceivedTotal,
  networkSynCookiesSentTotal,
} from './metrics.ts';
import { interfaceOf, type RouteSummary, summarizeRoutes } from './routes.ts';
import { announcesAddresses } from './routing-programs.ts';
import { counterOf, ofTcp, sampleOf } from './sources.ts';

/** What decides whether packets of direct return pass, and what a flood does: of the machine, and of each interface. */
const settings = [
  'ipv4.ip_forward',
  'ipv4.tcp_keepalive_time',
  'ipv4.tcp_syncookies',
  'ipv6.conf.all.forwarding',
  'bridge.bridge-nf-call-iptables',
  'bridge.bridge-nf-call-ip6tables',
  'core.rmem_default',
  'core.rmem_max',
  'ipv4.neigh.default.gc_thresh2',
  'ipv6.neigh.default.gc_thresh2',
];
const interfaceSettings = ['forwarding', 'rp_filter', 'arp_ignore', 'arp_announce', 'send_redirects'];

/** How the kernel treats packets whose answers take another way. Needs no privilege. */
export const network: Collector = {
  name: 'network',
  help: 'Settings of forwarding, reverse path filter, ARP and redirects from /proc/sys/net, and addresses that ARP must not announce.',
  metrics: [
    networkSetting,
    networkInterfaceSetting,
    networkReversePathFilteredTotal,
    networkIcmpUnreachableSentTotal,
    networkMisaddressedPacketsTotal,
    networkListenOverflowsTotal,
    networkSynCookiesSentTotal,
    networkSynCookiesReceivedTotal,
    networkLocalPort,
    networkHiddenAddressInfo,
    ...limitMetrics,
  ],
  schedule: '*/30 * * * * *',
  async collect(host) {
    const { attempt, problem } = createAttempts();
    const routes = await attempt(readRoutes(host));
    const interfaces = chooseInterfaces(routes);
    const groups = [
      ...settings.map((name) => sampleSetting(host, name)),
      ...['all', ...interfaces].flatMap((name) =>
        interfaceSettings.map((of) => sampleInterfaceSetting(host, name, of)),
      ),
      sampleOf(networkReversePathFilteredTotal, ofTcp('IPReversePathFilter')(host)),
      sampleOf(networkIcmpUnreachableSentTotal, counterOf('/proc/net/snmp', 'Icmp', 'OutDestUnreachs')(host)),
      sampleOf(networkMisaddressedPacketsTotal, counterOf('/proc/net/snmp', 'Ip', 'InAddrErrors')(host)),
      sampleOf(networkListenOverflowsTotal, ofTcp('ListenOverflows')(host)),
      sampleOf(networkSynCookiesSentTotal, ofTcp('SyncookiesSent')(host)),
      sampleOf(networkSynCookiesReceivedTotal, ofTcp('SyncookiesRecv')(host)),
      samplePorts(host),
      ...(routes === undefined ? [] : [sampleHiddenAddresses(host, routes)]),
      ...sampleKernelLimits(host),
    ];
    const samples = (await Promise.all(groups.map(attempt))).flatMap((group) => group ?? []);
    if (routes !== undefined) {
      const leftOut = routes.interfaces.size - interfaces.length;
      samples.push(sample(seriesLimited, leftOut * interfaceSettings.length, { collector: 'network' }));
    }
    const missing = problem();
    if (missing) throw new PartialFailure(missing, samples);
    return samples;
  },
};

/** Of more interfaces the settings are not exported: each has a file and a series for every setting. */
const maxInterfaces = 1000;

/** That to other networks comes first, the rest as the kernel lists them. */
function chooseInterfaces(routes: RouteSummary | undefined): string[] {
  const { defaultInterface, interfaces = new Set<string>() } = routes ?? {};
  const chosen = new Set([...(defaultInterface === undefined ? [] : [defaultInterface]), ...interfaces]);
  return [...chosen].slice(0, maxInterfaces);
}

async function sampleSetting(host: Host, name: string): Promise<Sample[]> {
  const path = `/proc/sys/net/${name.replaceAll('.', '/')}`;
  const value = await ifPresent(readParsed(host, path, parseSysctl));
  return value === undefined ? [] : [sample(networkSetting, value, { name })];
}

async function samplePorts(host: Host): Promise<Sample[]> {
  const range = await ifPresent(readParsed(host, '/proc/sys/net/ipv4/ip_local_port_range', parsePortRange));
  if (range === undefined) return [];
  return (['first', 'last'] as const).map((bound) => sample(networkLocalPort, range[bound], { bound }));
}

/** An interface may have gone since its route was read. */
async function sampleInterfaceSetting(host: Host, interfaceName: string, name: string): Promise<Sample[]> {
  const path = `/proc/sys/net/ipv4/conf/${interfaceName}/${name}`;
  const value = await ifPresent(readParsed(host, path, parseSysctl));
  return value === undefined ? [] : [sample(networkInterfaceSetting, value, { interface: interfaceName, name })];
}

function readRoutes(host: Host): Promise<RouteSummary> {
  return readParsedInTurns(host, '/proc/net/route', (text) => summarizeRoutes(text, (name) => hidingDevice.test(name)));
}

/**
 * Where a real server has its VIP, so that it takes packets for it and no network asks there: never the device of a
 * cluster network, which has addresses of its own there.
 */
const hidingDevice = /^(lo|dummy[\w-]*|tunl\d+|ipip\d*|gre\d+)$/;
/** An address of no network that is asked for: tunnels of cluster networks have such. */
const ownDevice = /^(lo|dummy[\w-]*)$/;

/** Services of the host itself: metadata of a cloud, a cache of DNS. */
const linkLocal = /^169\.254\./;

/** Only of IPv4: the kernel answers neighbour discovery for the addresses of the asked interface alone. */
async function sampleHiddenAddresses(host: Host, routes: RouteSummary): Promise<Sample[]> {
  const hidden = ((await ifNetlink(host.addresses())) ?? []).filter((one) => hidingDevice.test(one.interface));
  const devices = new Map(hidden.map((one) => [one.address, one.interface]));
  const samples = [...devices].flatMap(([address, device]) => {
    const bits = parseIPv4(address);
    if (bits === undefined || bits >>> 24 === 127) return [];
    // Linux answers ARP for each of its addresses on every interface, whatever network the address is of.
    const isAnywhere = ownDevice.test(device) && !linkLocal.test(address);
    const asking = interfaceOf(routes, bits) ?? (isAnywhere ? routes.defaultInterface : undefined);
    return asking === undefined ? [] : [sample(networkHiddenAddressInfo, 1, { address, interface: asking })];
  });
  return samples.length > 0 && (await announcesAddresses(host)) ? [] : samples;
}
