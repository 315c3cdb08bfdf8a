import { withTimeout } from '../async/timeout.ts';
import type { Host } from '../host/host.ts';
import type { ComputeNode, ComputeNodeReading } from '../openstack/compute-node.ts';
import { createFindOwner, type FindOwner } from '../openstack/owner.ts';
import { listPorts, type Ports } from '../openstack/ports.ts';
import { type DriverZone, drivers, listDriverZones } from '../openstack/zones.ts';
import type { ZoneLimits } from '../parsers/openstack/zone-limits.ts';
import type { Collector } from '../scrape/collector.ts';
import { sourceInfo } from '../scrape/exporter-metrics.ts';
import { type Sample, sample } from '../scrape/metric.ts';
import {
  conntrackZoneEntriesLimit,
  conntrackZonePorts,
  conntrackZones,
  conntrackZoneUnreadDomains,
} from './openstack-metrics.ts';

/** The table is not kept waiting by what hangs. */
const maxWaitMs = 5_000;

export interface OpenStack {
  readonly collector: Collector;
  /** As of its last run; while it runs for the first time, as of that. */
  findOwner(): Promise<FindOwner>;
}

/** Whose the zones of connection tracking are on a compute node. Optional because it starts commands. */
export function createOpenStack(): OpenStack {
  let known: Promise<FindOwner> | undefined;
  const findOwner = async () => (known && (await withTimeout(maxWaitMs, known))) ?? (() => undefined);
  const collector: Collector = {
    name: 'openstack',
    help: 'OpenStack port, virtual machine and project that tracked flows belong to, from the raw tables, Open vSwitch and libvirt. Starts iptables-save.',
    metrics: [conntrackZones, conntrackZonePorts, conntrackZoneUnreadDomains, conntrackZoneEntriesLimit],
    optional: true,
    schedule: '20 * * * * *',
    async collect(host, signal) {
      const reading = readNode(host).then(({ node, failures }) => ({ ...resolveNode(node), node, failures }));
      const found = reading.then(({ ports, zones, node }) => createFindOwner(ports, zones, node.neighbours));
      known ??= found;
      const { ports, zones, node, failures } = await reading;
      signal?.throwIfAborted();
      known = found;
      // Reported only now: the sources that could be read are useful without the rest.
      if (failures.length > 0) throw failures[0];
      return [
        ...sampleSources(node),
        ...sampleZones(zones),
        ...samplePorts(ports, zones, node),
        ...sampleLimits(zones, node),
      ];
    },
  };
  return { collector, findOwner };
}

/** Loads what reads the files of libvirt by the first reading: few machines need it. */
async function readNode(host: Host): Promise<ComputeNodeReading> {
  const { readComputeNode } = await import('../openstack/compute-node.ts');
  return await readComputeNode(host);
}

function resolveNode(node: ComputeNode): { ports: Ports; zones: readonly DriverZone[] } {
  const ports = listPorts(node);
  return { ports, zones: listDriverZones(node, ports) };
}

function sampleSources({ rules, openVSwitch, zoneLimits, domains }: ComputeNode): Sample[] {
  const sources = {
    iptables: rules.length > 0,
    openvswitch: openVSwitch !== undefined,
    libvirt: domains !== undefined,
    ovs_ct_limit: (zoneLimits ?? []).some(({ limit }) => limit > 0),
  };
  const present = Object.entries(sources).flatMap(([source, isPresent]) => (isPresent ? [source] : []));
  if (present.length === 0) {
    const reason =
      'ENOENT: no rule of Neutron in the raw tables, no Open vSwitch, no limits of zones in the kernel and no libvirt';
    throw Object.assign(new Error(reason), { code: 'ENOENT' });
  }
  return present.map((source) => sample(sourceInfo, 1, { collector: 'openstack', source }));
}

const owners = ['port', 'network', 'none'] as const;

function sampleZones(zones: readonly DriverZone[]): Sample[] {
  return drivers.flatMap((driver) =>
    owners.map((owner) => {
      const matching = zones.filter((one) => one.driver === driver && ownerOf(one) === owner);
      return sample(conntrackZones, matching.length, { driver, owner });
    }),
  );
}

function ownerOf({ stems }: DriverZone): (typeof owners)[number] {
  if (stems.size === 0) return 'none';
  return stems.size === 1 ? 'port' : 'network';
}

function samplePorts(ports: Ports, zones: readonly DriverZone[], { unreadDomains: unread }: ComputeNode): Sample[] {
  const zoned = new Set(zones.flatMap(({ stems }) => [...stems]));
  const counts = new Map(answers.flatMap((vm) => answers.map((zone) => [`${vm} ${zone}`, { vm, zone, ports: 0 }])));
  for (const [stem, { domain }] of ports) {
    const count = counts.get(`${yesNo(domain !== undefined)} ${yesNo(zoned.has(stem))}`);
    if (count) count.ports++;
  }
  return [
    ...[...counts.values()].map(({ vm, zone, ports: counted }) => sample(conntrackZonePorts, counted, { vm, zone })),
    sample(conntrackZoneUnreadDomains, unread),
  ];
}

/** Zones that rules of iptables choose are not tracked by Open vSwitch, so its default limit does not hold for them. */
function sampleLimits(zones: readonly DriverZone[], node: ComputeNode): Sample[] {
  const { byZone, default: others } = limitsOf(node);
  const limits = new Map<string, number>();
  for (const { driver, zone } of zones) {
    if (others !== undefined && driver !== 'iptables') limits.set(String(zone), others);
  }
  for (const [zone, limit] of byZone) limits.set(String(zone), limit);
  if (others !== undefined) limits.set('default', others);
  // A zone whose own limit is 0 has none.
  const limited = [...limits].filter(([, limit]) => limit > 0);
  return limited.map(([zone, limit]) => sample(conntrackZoneEntriesLimit, limit, { zone }));
}

const noLimits: ZoneLimits = { byZone: new Map(), default: undefined };

/** Those that the kernel holds to, which `ovs-appctl dpctl/ct-set-limits` sets as well; without it, those of the database. */
function limitsOf({ zoneLimits, openVSwitch }: ComputeNode): ZoneLimits {
  if (zoneLimits === undefined) return openVSwitch?.limits ?? noLimits;
  return {
    byZone: new Map(zoneLimits.flatMap(({ zone, limit }) => (zone === 'default' ? [] : [[zone, limit]]))),
    default: zoneLimits.find(({ zone, limit }) => zone === 'default' && limit > 0)?.limit,
  };
}

const answers = ['yes', 'no'] as const;

function yesNo(value: boolean): (typeof answers)[number] {
  return value ? 'yes' : 'no';
}
