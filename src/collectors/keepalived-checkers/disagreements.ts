import { groupBy } from '../../identity/group-by.ts';
import type { VirtualServer } from '../../parsers/procfs/ipvs/ip-vs.ts';
import type { RealServer } from '../../parsers/procfs/ipvs/ip-vs-row.ts';
import type { Metric, Sample } from '../../scrape/metric.ts';
import { endpointKey } from '../ipvs/join.ts';
import type { Labels } from '../ipvs/labels/labels.ts';
import { keepalivedRealServerDisagreement, keepalivedVirtualServerDisagreement } from './metrics.ts';
import { type CheckedService, groupServices } from './services.ts';

/**
 * Holds what keepalived has given to the kernel against what the kernel has. Of a service that only one of them has,
 * its real servers are not reported.
 */
export function findDisagreements(services: readonly CheckedService[], table: readonly VirtualServer[]): Sample[] {
  const wanted = groupBy(services, ({ labels }) => identify(labels));
  const present = groupBy(table, identify);
  const keys = new Set([...wanted.keys(), ...present.keys()]);
  return [...keys].flatMap((key) => compareService(wanted.get(key) ?? [], present.get(key) ?? []));
}

/** A firewall mark has two services where it is used for both families, which the kernel's file does not distinguish. */
function identify({ protocol, address, port, fwmark }: Labels | VirtualServer): string {
  return `${protocol} ${address} ${port} ${fwmark}`;
}

function compareService(wanted: readonly CheckedService[], present: readonly VirtualServer[]): Sample[] {
  const [first] = present;
  const given = wanted.filter(({ server }) => server.added);
  if (!first) {
    const missing = groupServices(given).map(([{ labels }]) => labels);
    return missing.map((labels) => disagreement(keepalivedVirtualServerDisagreement, labels, 'missing'));
  }
  if (wanted.length === 0) {
    const { protocol, address, port, fwmark } = first;
    return [disagreement(keepalivedVirtualServerDisagreement, { protocol, address, port, fwmark }, 'unmanaged')];
  }
  const actual = new Map(present.flatMap(({ realServers }) => realServers).map((real) => [endpointKey(real), real]));
  const known = joinKnown(given.flatMap(listKnownServers));
  const keys = new Set(known.map(({ key }) => key));
  const unmanaged = given.length === 0 ? [] : [...actual.values()].filter((real) => !keys.has(endpointKey(real)));
  return [
    ...known.flatMap((one) => compareServer(one, actual.get(one.key))),
    ...unmanaged.map((real) =>
      disagreement(keepalivedRealServerDisagreement, labelUnmanaged(given, real), 'unmanaged'),
    ),
  ];
}

/** A server of keepalived, and what the kernel should have for it. */
interface KnownServer {
  readonly key: string;
  readonly labels: Labels;
  /** Undefined if keepalived does not report it. */
  readonly present: boolean | undefined;
  readonly weight: number | undefined;
}

/** keepalived leaves servers that it inhibits in the kernel, with the weight 0: those that fail, and all without quorum. */
function listKnownServers({ realServers, sorryServer }: CheckedService): KnownServer[] {
  const isReplaced = sorryServer?.server.inUse === true;
  // One that is a sorry server as well is there as the one or as the other.
  const isDouble = (key: string) => sorryServer?.server.duplicate === true && sorryServer.key === key;
  const known: KnownServer[] = realServers.map(({ server: real, key, labels }) => ({
    key,
    labels,
    present: isDouble(key) ? undefined : real.added,
    weight: isDouble(key) ? undefined : real.up && !isReplaced ? real.effectiveWeight : 0,
  }));
  if (!sorryServer || known.some(({ key }) => key === sorryServer.key)) return known;
  const { key, labels, server: sorry } = sorryServer;
  return [...known, { key, labels, present: sorry.added, weight: sorry.inUse ? undefined : 0 }];
}

/** Where virtual servers of one service do not agree on a real server, nothing is expected of it. */
function joinKnown(servers: readonly KnownServer[]): KnownServer[] {
  const joined = new Map<string, KnownServer>();
  for (const one of servers) {
    const before = joined.get(one.key);
    const isSame = !before || (before.present === one.present && before.weight === one.weight);
    joined.set(one.key, isSame ? one : { ...before, present: undefined, weight: undefined });
  }
  return [...joined.values()];
}

function compareServer({ labels, present, weight }: KnownServer, actual: RealServer | undefined): Sample[] {
  const disagree = (reason: string) => disagreement(keepalivedRealServerDisagreement, labels, reason);
  if (present === undefined) return [];
  if (!actual) return present ? [disagree('missing')] : [];
  if (!present) return [disagree('unwanted')];
  // The kernel calls a server that is on this machine local, however packets should be forwarded to it.
  const isForwarded = actual.forward === labels.forward || actual.forward === 'local';
  return [
    ...(weight === undefined || weight === actual.weight ? [] : [disagree('weight')]),
    ...(isForwarded ? [] : [disagree('forward')]),
  ];
}

/** Of services for one firewall mark that of its own family. */
function labelUnmanaged(services: readonly CheckedService[], { address, port, forward }: RealServer): Labels {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const service = services.find(({ labels }) => labels.family === family) ?? services[0];
  return { ...service?.labels, real_address: address, real_port: port, forward };
}

export function isMissingService({ metric, labels }: Sample): boolean {
  return metric === keepalivedVirtualServerDisagreement && labels.reason === 'missing';
}

/** Of a virtual server that keepalived does not configure. */
export function isUnmanagedService({ metric, labels }: Sample): boolean {
  return metric === keepalivedVirtualServerDisagreement && labels.reason === 'unmanaged';
}

function disagreement(metric: Metric, labels: Labels, reason: string): Sample {
  return { metric, value: 1, labels: { ...labels, reason } };
}
