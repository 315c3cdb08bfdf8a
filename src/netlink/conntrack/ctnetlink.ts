/**
 * Reads connection tracking over ctnetlink. Nothing here changes anything, with one exception that is the kernel's own:
 * where the modules nfnetlink and nf_conntrack_netlink exist but are not loaded, asking makes the kernel load them.
 *
 * Every function rejects with a system error: `EPERM` without CAP_NET_ADMIN, which even the counters need; `EINVAL` or
 * `EPROTONOSUPPORT` on a kernel without ctnetlink; `ENOSYS` on a platform without koffi.
 */
import { createFlow, type Flow, type ReadingOptions, type TableReading } from '../../identity/flow.ts';
import { type ExchangeResult, exchange, type Request } from '../exchange.ts';
import { malformed, NLM_F_ACK, NLM_F_DUMP } from '../messages.ts';
import { withSocket } from '../socket.ts';
import { decodeFlow } from './flow-message.ts';
import { type CpuStatistics, decodeCpuStatistics, decodeTableSize, type TableSize } from './statistics.ts';

const NETLINK_NETFILTER = 12;
const NFNL_SUBSYS_CTNETLINK = 1 << 8;
const AF_UNSPEC = 0;
const AF_INET = 2;
const AF_INET6 = 10;
/** AF_DECnet, which never was tracked and is gone from Linux 6.1: a filter that nothing passes. */
const AF_NONE = 12;
const familyNumbers = { 4: AF_INET, 6: AF_INET6, any: AF_UNSPEC } as const;

/**
 * The only messages of ctnetlink that can be sent. Every other one changes something: even IPCTNL_MSG_CT_GET_CTRZERO
 * (3) does, which sets the counters of what it reads to 0.
 */
const requests = {
  /** IPCTNL_MSG_CT_GET, answered by IPCTNL_MSG_CT_NEW. */
  get: { message: 1, answer: 0, flags: NLM_F_DUMP },
  /** IPCTNL_MSG_CT_GET_STATS_CPU */
  getStatsCpu: { message: 4, answer: 4, flags: NLM_F_DUMP },
  /**
   * IPCTNL_MSG_CT_GET_STATS. Its answer is marked NLM_F_MULTI, as if NLMSG_DONE were to follow, but nothing does: only
   * an acknowledgement that is asked for ends it.
   */
  getStats: { message: 5, answer: 5, flags: NLM_F_ACK },
} as const;

type ConntrackRequest = keyof typeof requests;

export interface ConntrackOptions {
  /** A file that stands for the network namespace to read: `/run/netns/qrouter-1`. Without it, this process's own. */
  readonly namespace?: string | undefined;
}

export interface DumpOptions extends ConntrackOptions, ReadingOptions {}

/**
 * Reads the table and hands each flow to `visit`: the same object every time, which must not be kept. Memory is
 * constant, and the event loop turns every thousand flows or so.
 *
 * The kernel walks the hash table from its first bucket, and a random secret decides which bucket a flow is in: the
 * first `limit` flows are a random sample. It leaves out what has expired, and removes it in passing. When the flow
 * that a datagram had no room for is gone before the next one, the kernel repeats its bucket: a busy table gives a few
 * flows twice. A resize of the hash table in the meantime repeats or misses more. Neither is announced.
 *
 * Source: ctnetlink_dump_table() in net/netfilter/nf_conntrack_netlink.c.
 */
export async function dumpFlows(visit: (flow: Flow) => void, options: DumpOptions = {}): Promise<TableReading> {
  const { limit = Number.POSITIVE_INFINITY, family } = options;
  const flow = createFlow();
  const now = () => Date.now() / 1000;
  let entries = 0;
  const result = await ask('get', options, familyNumbers[family ?? 'any'], (bytes, start, stop) => {
    if (entries >= limit) return false;
    decodeFlow(bytes, start, stop, flow, now);
    entries++;
    visit(flow);
    return true;
  });
  return { entries, ...result };
}

/**
 * Makes the kernel walk the whole table, and so remove every flow that has expired: the count that is read right after
 * is that of the live ones. Hands over nothing, which takes an eighth of the time of a reading.
 */
export async function walkTable(options: ConntrackOptions = {}): Promise<void> {
  await ask('get', options, AF_NONE, () => true);
}

/** Reads how many flows the network namespace has, and how many it may have. */
export async function readTableSize(options: ConntrackOptions = {}): Promise<TableSize> {
  let size: TableSize | undefined;
  await ask('getStats', options, AF_UNSPEC, (bytes, start, stop) => {
    size = decodeTableSize(bytes, start, stop);
    return true;
  });
  if (size === undefined) throw malformed(0, 'an acknowledgement came in place of the answer');
  return size;
}

/** Reads the counters of every possible CPU. */
export async function readCpuStatistics(options: ConntrackOptions = {}): Promise<CpuStatistics[]> {
  const cpus: CpuStatistics[] = [];
  await ask('getStatsCpu', options, AF_UNSPEC, (bytes, start, stop) => {
    cpus.push(decodeCpuStatistics(bytes, start, stop));
    return true;
  });
  return cpus;
}

function ask(
  name: ConntrackRequest,
  { namespace }: ConntrackOptions,
  family: number,
  visit: Request['visit'],
): Promise<ExchangeResult> {
  const { message, answer, flags } = requests[name];
  const request: Request = {
    operation: `ctnetlink ${name}`,
    type: NFNL_SUBSYS_CTNETLINK | message,
    answerType: NFNL_SUBSYS_CTNETLINK | answer,
    flags,
    payload: encodeNfgenmsg(family),
    visit,
  };
  return withSocket(NETLINK_NETFILTER, namespace, (socket) => exchange(socket, request));
}

/** `struct nfgenmsg`: nfgen_family, version NFNETLINK_V0, res_id. */
function encodeNfgenmsg(family: number): Uint8Array {
  return new Uint8Array([family, 0, 0, 0]);
}
