import { hasCode, ifNetlink, ifPresent, isAbsent } from '../host/errors.ts';
import type { Host } from '../host/host.ts';
import { parseFrom, readParsed, readParsedParts } from '../host/read.ts';
import type { ZoneLimit } from '../netlink/openvswitch/zone-limits.ts';
import { createLibvirtDomainParser, type LibvirtDomain } from '../parsers/openstack/libvirt-domain.ts';
import { type OpenVSwitch, parseOpenVSwitch } from '../parsers/openstack/open-vswitch.ts';
import { parseZoneRules, type ZoneRule } from '../parsers/openstack/zone-rules.ts';
import { parseArp } from '../parsers/procfs/arp.ts';

/** What a compute node of OpenStack has on the ports of its virtual machines. */
export interface ComputeNode {
  readonly rules: readonly ZoneRule[];
  /** Undefined where there is none. */
  readonly openVSwitch: OpenVSwitch | undefined;
  /** Those that the kernel holds to; undefined where it has no datapath of Open vSwitch. */
  readonly zoneLimits: readonly ZoneLimit[] | undefined;
  /** Undefined where there is no libvirt. */
  readonly domains: readonly LibvirtDomain[] | undefined;
  /** Files of domains that could not be parsed. */
  readonly unreadDomains: number;
  /** Hardware addresses of IPv4 neighbours. */
  readonly neighbours: ReadonlyMap<string, string>;
}

export interface ComputeNodeReading {
  /** What could be read. */
  readonly node: ComputeNode;
  /** Why the rest could not. */
  readonly failures: readonly unknown[];
}

/** Reads all sources, each for itself: one that fails takes nothing from the others. Never rejects. */
export async function readComputeNode(host: Host): Promise<ComputeNodeReading> {
  const failures: unknown[] = [];
  const attempt = async <T>(read: Promise<T>): Promise<T | undefined> => {
    try {
      return await ifPresent(read);
    } catch (error) {
      failures.push(error);
      return undefined;
    }
  };
  const [rules, openVSwitch, zoneLimits, libvirt, neighbours] = await Promise.all([
    attempt(host.rawTables().then(parseZoneRules)),
    attempt(readOpenVSwitch(host)),
    attempt(ifNetlink(host.zoneLimits())),
    attempt(readDomains(host)),
    attempt(readParsed(host, '/proc/net/arp', parseArp)),
  ]);
  const node = {
    rules: rules ?? [],
    openVSwitch,
    zoneLimits,
    domains: libvirt?.domains,
    unreadDomains: libvirt?.unread ?? 0,
    neighbours: neighbours ?? new Map(),
  };
  return { node, failures };
}

async function readOpenVSwitch(host: Host): Promise<OpenVSwitch> {
  return parseFrom('Open vSwitch', await host.openVSwitch(), parseOpenVSwitch);
}

/** The states of running domains; where libvirt keeps none, the definitions of all. */
const domainDirectories = ['/run/libvirt/qemu', '/etc/libvirt/qemu'] as const;

/** Far more than a machine can run. */
const maxDomains = 10_000;

/** Of all files together: a virtual machine has 10,000 to 30,000. */
const maxCharacters = 2 ** 25;

interface Libvirt {
  readonly domains: readonly LibvirtDomain[];
  readonly unread: number;
}

async function readDomains(host: Host): Promise<Libvirt | undefined> {
  for (const directory of domainDirectories) {
    const names = await ifPresent(host.listDirectory(directory));
    if (names !== undefined) return await readDirectory(host, directory, names);
  }
  return undefined;
}

/** One file after the other, so that they do not hold all threads that files are read on. */
async function readDirectory(host: Host, directory: string, names: readonly string[]): Promise<Libvirt> {
  const domains: LibvirtDomain[] = [];
  let unread = 0;
  let characters = 0;
  for (const name of names.filter((one) => one.endsWith('.xml')).slice(0, maxDomains)) {
    try {
      const parser = createLibvirtDomainParser((domain) => domains.push(domain));
      const add = (part: string) => {
        characters += part.length;
        parser.add(part);
      };
      const isWhole = await readParsedParts(
        host,
        `${directory}/${name}`,
        { ...parser, add },
        () => characters < maxCharacters,
      );
      if (!isWhole) unread++;
    } catch (error) {
      if (hasCode(error, 'EACCES', 'EPERM')) throw error;
      // One that is gone was shut down in between.
      if (!isAbsent(error)) unread++;
    }
  }
  return { domains, unread };
}
