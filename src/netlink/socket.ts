import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { type Caller, inThread } from './caller.ts';
import { createInboxes, type Inboxes } from './inboxes.ts';
import { type Inbox, type Libc, loadLibc } from './libc.ts';
import { inNamespace } from './namespace.ts';
import { systemError } from './system-error.ts';

/** A netlink socket that is connected to the kernel: no other process can send to it. */
export interface NetlinkSocket {
  readonly inboxes: Inboxes;
  /** Hands a request to the kernel, which has begun to answer when this resolves. */
  send(request: Uint8Array): Promise<void>;
  /**
   * Receives what is ready, `most` datagrams at most. Resolves to their number, which is 0 when there is none: it does
   * not wait for one. The inbox is the kernel's until then.
   */
  receive(inbox: Inbox, most: number): Promise<number>;
}

/**
 * Room for one datagram. netlink_recvmsg() remembers it, and netlink_dump() fills datagrams up to it but never beyond
 * 32 KiB.
 */
export const datagramRoom = 32 * 1024;

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0x80000;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;
const { EAGAIN, EINTR, EMSGSIZE } = constants.errno;

/** Of all sockets, one after the other. */
let lastingInboxes: Inboxes | undefined;

/**
 * Opens a socket, lends it to `use` and closes it when that has settled.
 *
 * @param protocol NETLINK_NETFILTER, NETLINK_GENERIC, ...
 * @param namespace a file that stands for the network namespace to ask about; this thread's own without it.
 * @param createCaller where its system calls are made: the kernel does its work inside them.
 * @throws the system error of opening it; `ENOSYS` on a platform that koffi has no binary for.
 */
export async function withSocket<T>(
  protocol: number,
  namespace: string | undefined,
  use: (socket: NetlinkSocket) => Promise<T>,
  createCaller: (libc: Libc) => Caller = inThread,
): Promise<T> {
  const libc = await loadLibc();
  const open = () => check(libc, 'socket', libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
  lastingInboxes ??= createInboxes((datagrams) => libc.createInbox(datagrams, datagramRoom));
  const descriptor = namespace === undefined ? open() : inNamespace(libc, namespace, open);
  try {
    configure(libc, descriptor);
    return await use(createSocket(libc, descriptor, lastingInboxes, createCaller(libc)));
  } finally {
    closeSync(descriptor);
  }
}

function configure(libc: Libc, descriptor: number): void {
  const one = new Uint8Array([1, 0, 0, 0]);
  for (const option of [NETLINK_EXT_ACK, NETLINK_CAP_ACK]) {
    // A kernel before 4.12 refuses, and gives an error number without a sentence.
    libc.setsockopt(descriptor, SOL_NETLINK, option, one, one.length);
  }
  // struct sockaddr_nl with nl_pid 0, the kernel: netlink_getsockbyportid() then refuses every other sender.
  const kernel = new Uint8Array(12);
  kernel[0] = AF_NETLINK;
  check(libc, 'connect', libc.connect(descriptor, kernel, kernel.length));
}

/**
 * Unless the caller is another, both calls are made in another thread. The kernel walks the hash table, which all network
 * namespaces share, until it has filled a datagram, and that takes 0.4 s when a million flows are not ours.
 */
function createSocket(libc: Libc, descriptor: number, inboxes: Inboxes, call: Caller): NetlinkSocket {
  return {
    inboxes,
    async send(request) {
      const sent = await call(libc.send, descriptor, request, request.length, MSG_DONTWAIT);
      if (sent < 0) throw systemError('send', -sent);
    },
    async receive(inbox, most) {
      const count = await call(libc.recvmmsg, descriptor, inbox.headers, most, MSG_DONTWAIT, null);
      if (count === -EAGAIN || count === -EINTR) return 0;
      if (count < 0) throw systemError('recvmmsg', -count);
      requireWhole(inbox, count);
      return count;
    },
  };
}

function requireWhole(inbox: Inbox, count: number): void {
  for (let i = 0; i < count; i++) {
    if ((inbox.flags(i) & MSG_TRUNC) !== 0) throw systemError('recvmmsg', EMSGSIZE, 'a datagram was cut off');
  }
}

function check(libc: Libc, syscall: string, result: number): number {
  if (result < 0) throw systemError(syscall, libc.errno());
  return result;
}
