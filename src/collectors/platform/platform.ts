import { hasCode, ifPresent } from '../../host/errors.ts';
import type { Host, PlatformFacts } from '../../host/host.ts';
import { readParsed } from '../../host/read.ts';
import { parseMemoryTotal } from '../../parsers/procfs/meminfo.ts';
import { parseNetDev } from '../../parsers/procfs/net-dev.ts';
import { parseOsrelease } from '../../parsers/procfs/osrelease.ts';
import type { Collector } from '../../scrape/collector.ts';
import { sample } from '../../scrape/metric.ts';
import { lvsHostNetworkNamespace, lvsPlatformInfo, lvsPlatformMemoryBytes } from './metrics.ts';
import { findOtherServiceManager } from './service-manager.ts';
import { findServiceProxy } from './service-proxy.ts';

/** What does not change while a machine runs, or rarely. */
export const platform: Collector = {
  name: 'platform',
  help: 'Virtualization, cloud platform, kernel, memory, role and network namespace.',
  metrics: [lvsPlatformInfo, lvsHostNetworkNamespace, lvsPlatformMemoryBytes],
  schedule: '0 */5 * * * *',
  async collect(host) {
    const [facts, kernel, devices, ipvs, inHostNamespace] = await Promise.all([
      host.platform(),
      readParsed(host, '/proc/sys/kernel/osrelease', parseOsrelease),
      readParsed(host, '/proc/net/dev', parseNetDev),
      ifPresent(host.readFile('/proc/net/ip_vs')),
      isHostNetworkNamespace(host),
    ]);
    const memoryBytes = facts.memoryBytes ?? (await ifPresent(readParsed(host, '/proc/meminfo', parseMemoryTotal)));
    const labels = {
      role: deriveRole(ipvs, devices),
      virtualization: facts.virtual ? facts.virtualHost.toLowerCase() || 'unknown' : 'none',
      platform: derivePlatform(facts),
      kernel,
      kube_proxy: await findServiceProxy(host, devices, ipvs),
      service_manager: await findOtherServiceManager(host, hasServices(ipvs)),
    };
    return [
      sample(lvsPlatformInfo, 1, labels),
      ...(inHostNamespace === undefined ? [] : [sample(lvsHostNetworkNamespace, inHostNamespace ? 1 : 0)]),
      ...(memoryBytes === undefined ? [] : [sample(lvsPlatformMemoryBytes, memoryBytes)]),
    ];
  },
};

/** By the firmware: DMI system manufacturer and product name. */
const platforms: readonly (readonly [RegExp, string])[] = [
  [/openstack/i, 'openstack'],
  [/amazon/i, 'aws'],
  [/google/i, 'gcp'],
  [/microsoft/i, 'hyperv'],
  [/vmware/i, 'vmware'],
  [/virtualbox|innotek/i, 'virtualbox'],
  [/qemu|kvm/i, 'kvm'],
];

function derivePlatform({ manufacturer, model, virtual, virtualHost }: PlatformFacts): string {
  const firmware = `${manufacturer} ${model} ${virtual ? virtualHost : ''}`;
  const [, name] = platforms.find(([pattern]) => pattern.test(firmware)) ?? [];
  return name ?? (virtual ? 'unknown' : 'metal');
}

/** By a row of a virtual server; whether the table is well-formed is for the ipvs collector to report. */
function hasServices(ipvs: string | undefined): boolean {
  return /^(TCP|UDP|SCTP|FWM) /m.test(ipvs ?? '');
}

/** `director`: it has IPVS services. `compute`: it has the tap devices of virtual machines. */
function deriveRole(ipvs: string | undefined, devices: readonly string[]): string {
  const director = hasServices(ipvs);
  // Neutron names devices after ports (tap, qvo, qvb), libvirt alone numbers them (vnet).
  const compute = devices.some((name) => /^(tap|qvo|qvb|vnet)/.test(name));
  if (director) return compute ? 'both' : 'director';
  return compute ? 'compute' : 'none';
}

/**
 * The kernel has net.nf_conntrack_max in the initial network namespace only (nf_conntrack_standalone.c registers it
 * for `init_net`), and /proc/sys/net always shows the reader's own namespace. Where connection tracking is not
 * loaded, the namespace of process 1 decides; an unprivileged exporter may not look at that.
 */
async function isHostNetworkNamespace(host: Host): Promise<boolean | undefined> {
  if (await ifPresent(host.listDirectory('/proc/sys/net/netfilter').then(hasCount))) {
    return (await host.listDirectory('/proc/sys/net')).includes('nf_conntrack_max');
  }
  try {
    return (await host.readLink('/proc/self/ns/net')) === (await host.readLink('/proc/1/ns/net'));
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'ENOENT')) return undefined;
    throw error;
  }
}

function hasCount(names: readonly string[]): boolean {
  return names.includes('nf_conntrack_count');
}
