import type { Flow, ReadingOptions } from '../identity/flow.ts';
import { dumpFlows, readTableSize, walkTable } from '../netlink/conntrack/ctnetlink.ts';
import { parseNfConntrack } from '../parsers/procfs/nf-conntrack.ts';
import type { FlowReading } from './host.ts';
import { hasCode, isAbsent, messageOf } from './read.ts';

export interface FlowSources {
  /** A file that stands for the network namespace to read. This process's own without it. */
  readonly namespace?: string;
  /** The text of /proc/net/nf_conntrack in the same namespace. Rejects while it is read if it cannot be. */
  readonly openProcfs: () => AsyncIterable<string>;
}

/** Reads the connection tracking table over netlink, or from /proc where that is refused. */
export async function readFlows(
  { namespace, openProcfs }: FlowSources,
  visit: (flow: Flow) => void,
  options: ReadingOptions = {},
): Promise<FlowReading> {
  try {
    const live = options.limit === undefined ? {} : { liveCount: await countLive(namespace) };
    return { ...(await dumpFlows(visit, { ...options, namespace })), ...live, source: 'netlink' };
  } catch (error) {
    if (!isRefused(error)) throw error;
    return await readProcfs(openProcfs, visit, options, error);
  }
}

/** A sample has to be scaled, and the kernel's own count has the expired flows too. */
async function countLive(namespace: string | undefined): Promise<number> {
  await walkTable({ namespace });
  return (await readTableSize({ namespace })).entries;
}

/** Without CAP_NET_ADMIN; on a kernel without ctnetlink; on a platform without koffi. Nothing was read then. */
function isRefused(error: unknown): boolean {
  return hasCode(error, 'EPERM', 'EINVAL', 'EOPNOTSUPP', 'EPROTONOSUPPORT', 'EAFNOSUPPORT', 'ENOSYS');
}

async function readProcfs(
  open: () => AsyncIterable<string>,
  visit: (flow: Flow) => void,
  options: ReadingOptions,
  refusal: unknown,
): Promise<FlowReading> {
  try {
    return { ...(await parseNfConntrack(open(), visit, options)), source: 'procfs' };
  } catch (error) {
    if (!isAbsent(error) && !hasCode(error, 'EACCES')) throw error;
    throw new Error(
      `Cannot read the connection tracking table: netlink is refused (${messageOf(refusal)}) and /proc/net/nf_conntrack is ${
        isAbsent(error) ? 'not there' : 'not readable'
      }; grant CAP_NET_ADMIN`,
      { cause: refusal },
    );
  }
}
