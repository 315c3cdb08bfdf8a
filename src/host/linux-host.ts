import { createReadStream, existsSync, readdirSync, readlinkSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { takeParts } from '../async/chunks.ts';
import { createSlots } from '../async/slots.ts';
import { readCpuStatistics } from '../netlink/conntrack/ctnetlink.ts';
import { readInterfaceStatistics } from '../netlink/ethtool/ethtool.ts';
import { readIpvs } from '../netlink/ipvs/ipvs.ts';
import { loadLibc } from '../netlink/libc.ts';
import { inNamespace } from '../netlink/namespace.ts';
import { readZoneLimits } from '../netlink/openvswitch/zone-limits.ts';
import { readAddresses, readNeighbours } from '../netlink/route/rtnetlink.ts';
import type { Host, KeepalivedReader } from './host.ts';
import { readFlows } from './linux-flows.ts';
import { readPlatformFacts } from './platform/platform-facts.ts';
import { readRawTables } from './raw-tables.ts';
import {
  openRegularFileSync,
  readRegularFile,
  readRegularFileInTurns,
  readRegularFileSync,
  readRegularParts,
} from './regular-file.ts';

export interface LinuxHostOptions {
  /** Where the proc file system is mounted: `/proc`, or `/host/proc` in a container. */
  readonly procfs: string;
  /** Finds keepalived, reads its dumps and asks for them. */
  readonly keepalived: KeepalivedReader;
  /** Gives what keepalived announced in its notify FIFO. Without it the FIFO is not read. */
  readonly announcements?: Host['announcements'];
}

/** Where ovsdb-server listens, unless it was built otherwise. */
const openVSwitchSocket = '/run/openvswitch/db.sock';

/** The machine this process runs on. */
export function createLinuxHost({ procfs, keepalived, announcements = noFifo }: LinuxHostOptions): Host {
  const locate = createLocate(procfs);
  const inSlot = createSlots(maxOpenFiles);
  const host: Host = {
    now: () => performance.now() / 1000,
    readFile: shareReads((path) =>
      isFromMemory(path)
        ? readRegularFileInTurns(locate(path), maxBytesOf(path))
        : inSlot(() => readRegularFile(locate(path), maxBytesOf(path))),
    ),
    readParts: (path, take) => takeParts(readRegularParts(locate(path)), take),
    readLink: (path) => readlink(locate(path)),
    listDirectory: async (path) => (await readdir(locate(path))).sort(),
    flows: (visit, options) => {
      const openProcfs = () => readRegularParts(locate('/proc/net/nf_conntrack'));
      return readFlows({ openProcfs }, visit, options);
    },
    conntrackCounters: () => readCpuStatistics(),
    ipvs: () => readIpvs(),
    enter: (namespace) => enterNamespace(host, namespace, locate),
    ...keepalived,
    announcements,
    addresses: () => readAddresses(),
    neighbours: (addresses) => readNeighbours(addresses),
    interfaceStatistics: (interfaces, drivers) => readInterfaceStatistics(interfaces, { drivers }),
    rawTables: () => readRawTables(host.readFile),
    openVSwitch: async () => (await import('./ovsdb.ts')).readOpenVSwitch(openVSwitchSocket),
    zoneLimits: () => readZoneLimits(),
    platform: () => readPlatformFacts(locate),
  };
  return host;
}

/** Files open at one time. Collectors ask for hundreds together, and a service may have few descriptors. */
const maxOpenFiles = 16;

/** One row for each real server, and one for each route, of 128 bytes for IPv4 and 150 for IPv6: 450,000, 262,000 and 223,000. */
const longTables = ['/proc/net/ip_vs', '/proc/net/route', '/proc/net/ipv6_route'];

/** Of any other file: 10,000 rows for as many processors. */
const maxBytesOf = (path: string) => 2 ** (longTables.includes(path) ? 25 : 22);

/** What the kernel itself writes, whatever is mounted over other files of /proc, as LXCFS does in containers. */
const isFromMemory = (path: string) => /^\/proc\/(sys|net)\//.test(path);

/** Reads of one file at one time are one read: where it hangs, it holds one thread of libuv and not one for each reader. */
function shareReads(read: (path: string) => Promise<string>): (path: string) => Promise<string> {
  const underWay = new Map<string, Promise<string>>();
  return (path) => {
    const joined = underWay.get(path);
    if (joined) return joined;
    const started = read(path).finally(() => underWay.delete(path));
    underWay.set(path, started);
    return started;
  };
}

async function noFifo(): Promise<never> {
  throw Object.assign(new Error('ENOENT: no notify FIFO was named'), { code: 'ENOENT' });
}

/**
 * /proc/net is that of the main thread, which may be on a visit to another network namespace; what the threads of libuv
 * read has to come from their own.
 */
function createLocate(procfs: string): (path: string) => string {
  const net = existsSync(`${procfs}/thread-self/net`) ? `${procfs}/thread-self/net` : `${procfs}/net`;
  return (path) => (path.startsWith('/proc/net/') ? `${net}${path.slice(9)}` : path.replace(/^\/proc(?=\/|$)/, procfs));
}

/** Files are read without a turn of the event loop: the main thread is in the other namespace for as long. */
function enterNamespace(home: Host, name: string, locate: (path: string) => string): Host {
  const namespace = name.includes('/') ? name : `/run/netns/${name}`;
  const visit = async <T>(use: () => T): Promise<T> => inNamespace(await loadLibc(), namespace, use);
  const readText = (path: string) => visit(() => readRegularFileSync(locate(path), maxBytesOf(path)));
  const host: Host = {
    ...home,
    readFile: readText,
    // A file stays that of the namespace in which it was opened.
    readParts: async (path, take) => {
      const fd = await visit(() => openRegularFileSync(locate(path)));
      return await takeParts(createReadStream(path, { fd, encoding: 'utf8' }), take);
    },
    readLink: (path) => visit(() => readlinkSync(locate(path))),
    listDirectory: (path) => visit(() => readdirSync(locate(path)).sort()),
    flows: (visit, options) => {
      const openProcfs = async function* () {
        yield await readText('/proc/net/nf_conntrack');
      };
      return readFlows({ namespace, openProcfs }, visit, options);
    },
    conntrackCounters: () => readCpuStatistics({ namespace }),
    ipvs: () => readIpvs({ namespace }),
    addresses: () => readAddresses({ namespace }),
    neighbours: (addresses) => readNeighbours(addresses, { namespace }),
    zoneLimits: () => readZoneLimits({ namespace }),
    interfaceStatistics: (interfaces, drivers) => readInterfaceStatistics(interfaces, { drivers, namespace }),
    enter: (other) => home.enter(other),
  };
  return host;
}
