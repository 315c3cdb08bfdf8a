import type { Flow, ReadingOptions } from '../identity/flow.ts';
import { dumpFlows, readTableSize, walkTable } from '../netlink/conntrack/ctnetlink.ts';
import { ParseError } from '../parsers/parse-error.ts';
import { parseNfConntrack } from '../parsers/procfs/conntrack/nf-conntrack.ts';
import { hasCode, isAbsent, isNetlinkUnavailable, isSystemError, messageOf } from './errors.ts';
import type { FlowReading } from './host.ts';

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
    if (!isNetlinkUnavailable(error)) throw error;
    return await readProcfs(openProcfs, visit, options, error);
  }
}

/** A sample must be scaled, and the kernel's own count has the expired flows too. */
async function countLive(namespace: string | undefined): Promise<number> {
  await walkTable({ namespace });
  return (await readTableSize({ namespace })).entries;
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
    throw explain(error, refusal);
  }
}

const path = '/proc/net/nf_conntrack';

/** What went wrong with the file, and that netlink was refused before. A bug stays what it is. */
function explain(error: unknown, refusal: unknown): unknown {
  // Neither has the namespace, or the kernel does not track connections.
  if (isAbsent(error) && isAbsent(refusal)) return refusal;
  const refused = `netlink is refused (${messageOf(refusal)})`;
  const options = { cause: refusal };
  if (isAbsent(error) || hasCode(error, 'EACCES', 'EPERM')) {
    const state = isAbsent(error) ? 'not there' : 'not readable';
    const message = `Cannot read the connection tracking table: ${refused} and ${path} is ${state}; grant CAP_NET_ADMIN`;
    return Object.assign(new Error(message, options), { code: 'EPERM' });
  }
  if (error instanceof ParseError) return new ParseError(error.line, `${error.problem}; ${refused}`, path, refusal);
  if (!isSystemError(error)) return error;
  return Object.assign(new Error(`${path}: ${error.message}; ${refused}`, { cause: error }), { code: error.code });
}
