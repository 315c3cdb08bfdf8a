import { Readable } from 'node:stream';
import { takeParts } from '../src/async/chunks.ts';
import type { Announcements, FlowReading, Host, Keepalived, PlatformFacts } from '../src/host/host.ts';
import type { CpuStatistics } from '../src/netlink/conntrack/statistics.ts';
import type { InterfaceStatistics } from '../src/netlink/ethtool/statistics.ts';
import type { IpvsDetail } from '../src/netlink/ipvs/ipvs.ts';
import type { ZoneLimit } from '../src/netlink/openvswitch/zone-limits.ts';
import type { InterfaceAddress } from '../src/netlink/route/address-message.ts';
import type { AskedNeighbour } from '../src/netlink/route/neighbour-message.ts';
import { parseNfConntrack } from '../src/parsers/procfs/conntrack/nf-conntrack.ts';

/** What a test's machine holds; what is not given does not exist there. */
export interface Machine {
  readonly files?: Readonly<Record<string, string | Error>>;
  readonly links?: Readonly<Record<string, string>>;
  /** Its tracked flows, as lines of /proc/net/nf_conntrack that came over netlink. */
  readonly flows?: string;
  readonly reading?: Partial<FlowReading>;
  readonly counters?: readonly CpuStatistics[];
  /** What netlink reports of IPVS, or the error that it gives. */
  readonly ipvs?: IpvsDetail | Error;
  readonly keepalived?: readonly Keepalived[];
  /** What it announced in its notify FIFO. */
  readonly announcements?: Announcements;
  /** The addresses of its network interfaces, or the error that asking for them gives. */
  readonly addresses?: readonly InterfaceAddress[] | Error;
  /** Which of the addresses that it asked for have answered, or the error that reading them gives. */
  readonly neighbours?: readonly AskedNeighbour[] | Error;
  /** What the drivers of its interfaces count, or the error that asking for it gives. */
  readonly interfaceStatistics?: readonly InterfaceStatistics[] | Error;
  readonly rawTables?: string | Error;
  readonly openVSwitch?: string | Error;
  /** Limits of zones in the kernel, or the error that asking for them gives. */
  readonly zoneLimits?: readonly ZoneLimit[] | Error;
  readonly platform?: PlatformFacts;
  /** Its other network namespaces. */
  readonly namespaces?: Readonly<Record<string, Machine>>;
  readonly now?: number;
}

/** A Host made of texts. Its directories are those of its files. */
export function createHost(machine: Machine): Host {
  const {
    files = {},
    links = {},
    flows,
    reading,
    counters,
    ipvs,
    keepalived,
    announcements,
    addresses,
    neighbours,
    interfaceStatistics,
    rawTables,
    openVSwitch,
    zoneLimits,
    platform,
    namespaces = {},
    now = 0,
  } = machine;
  return {
    now: () => now,
    readFile: async (path) => orThrow(files[path] ?? absent(path)),
    readParts: async (path, take) => {
      const text = orThrow(files[path] ?? absent(path));
      return await takeParts(inParts(text), take);
    },
    readLink: async (path) => links[path] ?? absent(path),
    listDirectory: async (path) => {
      const inside = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
      const names = new Set(inside.map((file) => file.slice(path.length + 1).split('/')[0] ?? ''));
      return names.size > 0 ? [...names].sort() : absent(path);
    },
    flows: async (visit, options) => {
      const text = flows ?? absent('flows');
      return { source: 'netlink', ...(await parseNfConntrack(inOneChunk(text), visit, options)), ...reading };
    },
    conntrackCounters: async () => counters ?? absent('counters'),
    ipvs: async () => orThrow(ipvs ?? absent('ipvs')),
    enter: (name) => createHost(namespaces[name] ?? {}),
    keepalived: async () => keepalived ?? absent('keepalived'),
    requestDumps: async () => {},
    announcements: async () => announcements ?? absent('notify FIFO'),
    addresses: async () => orThrow(addresses ?? absent('addresses')),
    neighbours: async (wanted) =>
      orThrow(neighbours ?? absent('neighbours')).filter(({ address }) => wanted.includes(address)),
    interfaceStatistics: async (interfaces, drivers) =>
      orThrow(interfaceStatistics ?? []).filter(
        (one) => interfaces.includes(one.interface) && drivers.includes(one.driver),
      ),
    rawTables: async () => orThrow(rawTables ?? ''),
    openVSwitch: async () => orThrow(openVSwitch ?? absent('Open vSwitch')),
    zoneLimits: async () => orThrow(zoneLimits ?? absent('limits of zones')),
    platform: async () => platform ?? absent('platform'),
  };
}

/** A Host that is asked each time which machine it is. */
export function createChangingHost(current: () => Host): Host {
  return {
    now: () => current().now(),
    readFile: (path) => current().readFile(path),
    readParts: (path, take) => current().readParts(path, take),
    readLink: (path) => current().readLink(path),
    listDirectory: (path) => current().listDirectory(path),
    flows: (visit, options) => current().flows(visit, options),
    conntrackCounters: () => current().conntrackCounters(),
    ipvs: () => current().ipvs(),
    enter: (namespace) => current().enter(namespace),
    keepalived: () => current().keepalived(),
    requestDumps: () => current().requestDumps(),
    announcements: () => current().announcements(),
    addresses: () => current().addresses(),
    neighbours: (addresses) => current().neighbours(addresses),
    interfaceStatistics: (interfaces, drivers) => current().interfaceStatistics(interfaces, drivers),
    rawTables: () => current().rawTables(),
    openVSwitch: () => current().openVSwitch(),
    zoneLimits: () => current().zoneLimits(),
    platform: () => current().platform(),
  };
}

/** So short that lines are in two of them. */
function inParts(text: string): AsyncIterable<string> {
  return Readable.from(text.match(/.{1,100}/gs) ?? []);
}

async function* inOneChunk(text: string): AsyncGenerator<string> {
  yield text;
}

function orThrow<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}

/** Throws as Node does for a file that does not exist. */
export function absent(path: string): never {
  throw systemError('ENOENT', `no such file or directory, open '${path}'`);
}

export function systemError(code: string, text: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${text}`), { code });
}
