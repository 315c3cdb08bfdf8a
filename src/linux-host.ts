import { createReadStream, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import systeminformation from 'systeminformation';
import type { Host, Keepalived, PlatformFacts } from './host.ts';
import { readFlows } from './linux-flows.ts';
import { readCpuStatistics } from './netlink/ctnetlink.ts';
import { readIpvs } from './netlink/ipvs.ts';
import { loadLibc } from './netlink/libc.ts';
import { inNamespace } from './netlink/namespace.ts';

export interface LinuxHostOptions {
  /** Where the proc file system is mounted: `/proc`, or `/host/proc` in a container. */
  readonly procfs: string;
  /** Reads keepalived's dumps. */
  readonly keepalived: () => Promise<Keepalived>;
}

/** The machine this process runs on. */
export function createLinuxHost({ procfs, keepalived }: LinuxHostOptions): Host {
  const locate = createLocate(procfs);
  const host: Host = {
    now: () => performance.now() / 1000,
    readFile: (path) => readFile(locate(path), 'utf8'),
    readLink: (path) => readlink(locate(path)),
    listDirectory: async (path) => (await readdir(locate(path))).sort(),
    flows: (visit, options) => {
      const openProcfs = () => createReadStream(locate('/proc/net/nf_conntrack'), 'utf8');
      return readFlows({ openProcfs }, visit, options);
    },
    conntrackCounters: () => readCpuStatistics(),
    ipvs: () => readIpvs(),
    enter: (namespace) => enterNamespace(host, namespace, locate),
    keepalived,
    platform: readPlatform,
  };
  return host;
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
  const readText = (path: string) => visit(() => readFileSync(locate(path), 'utf8'));
  const host: Host = {
    ...home,
    readFile: readText,
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
    enter: (other) => home.enter(other),
  };
  return host;
}

async function readPlatform(): Promise<PlatformFacts> {
  const { manufacturer, model, virtual, virtualHost = '' } = await systeminformation.system();
  return { manufacturer, model, virtual, virtualHost };
}
