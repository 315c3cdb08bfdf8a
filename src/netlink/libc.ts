import { arch, platform } from 'node:os';
import type { KoffiFunc } from 'koffi';

type Koffi = typeof import('koffi').default;

/** A function of the C library, to be called in this thread, or by `async` in another. */
export type Call<Parameters extends readonly unknown[]> = Synchronous<Parameters> &
  Pick<KoffiFunc<Synchronous<Parameters>>, 'async'>;

type Synchronous<Parameters extends readonly unknown[]> = (...parameters: [...Parameters]) => number;

/** Functions of the C library that Node has no equal of. Each gives -1 on failure, and `errno()` then shows why. */
export interface Libc {
  readonly socket: Call<[domain: number, type: number, protocol: number]>;
  readonly connect: Call<[descriptor: number, address: Uint8Array, length: number]>;
  readonly setsockopt: Call<[descriptor: number, level: number, name: number, value: Uint8Array, length: number]>;
  readonly send: Call<[descriptor: number, bytes: Uint8Array, length: number, flags: number]>;
  readonly recvmmsg: Call<[descriptor: number, headers: DataView, length: number, flags: number, timeout: null]>;
  /** The kernel writes to the memory that the argument points to, which must stay referenced until the call is over. */
  readonly ioctl: Call<[descriptor: number, request: number, argument: DataView]>;
  readonly setns: Call<[descriptor: number, type: number]>;
  /** The error number of the last call. An asynchronous call leaves it for its own callback. */
  errno(): number;
  /** Makes room for `count` datagrams of `room` bytes. */
  createInbox(count: number, room: number): Inbox;
  /** `struct ifreq` that points to `data`. */
  createInterfaceRequest(name: string, data: DataView): DataView;
}

/** Memory that recvmmsg() fills, again and again. It has to stay referenced while a call is under way. */
export interface Inbox {
  /** How many it has room for. */
  readonly datagrams: number;
  /** What was received. Datagram `i` starts at `i` times its room. */
  readonly bytes: DataView;
  /** `struct mmsghdr` for each datagram. They point to `vectors`, and those into `bytes`. */
  readonly headers: DataView;
  readonly vectors: DataView;
  /** msg_len: bytes of datagram `i`. */
  length(i: number): number;
  /** msg_flags of datagram `i`. */
  flags(i: number): number;
}

let loaded: Promise<Libc> | undefined;

/**
 * Loads the C library when it is first asked for, so that a platform for which koffi has no binary lacks netlink and
 * nothing else.
 *
 * @throws Error with the code `ENOSYS` on such a platform.
 */
export function loadLibc(): Promise<Libc> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Libc> {
  const koffi = await importKoffi();
  // The library that this process uses already, whatever its name is: glibc or musl.
  const library = koffi.load(null);
  return {
    socket: library.func('int socket(int domain, int type, int protocol)'),
    connect: library.func('int connect(int fd, const void *address, uint32_t length)'),
    setsockopt: library.func('int setsockopt(int fd, int level, int name, const void *value, uint32_t length)'),
    send: library.func('intptr_t send(int fd, const void *bytes, size_t length, int flags)'),
    recvmmsg: library.func('int recvmmsg(int fd, void *headers, uint32_t length, int flags, void *timeout)'),
    ioctl: library.func('int ioctl(int fd, unsigned long request, void *argument)'),
    setns: library.func('int setns(int fd, int type)'),
    errno: () => koffi.errno(),
    createInbox: defineInbox(koffi),
    createInterfaceRequest: defineInterfaceRequest(koffi),
  };
}

async function importKoffi(): Promise<Koffi> {
  try {
    return (await import('koffi')).default;
  } catch (cause) {
    const message = `ENOSYS: function not implemented, koffi has no binary for ${platform()} on ${arch()}`;
    throw Object.assign(new Error(message, { cause }), { code: 'ENOSYS' });
  }
}

/** recvmmsg(2). The types are made once: koffi keeps every type for as long as the process lives. */
function defineInbox(koffi: Koffi): Libc['createInbox'] {
  const iovec = koffi.struct({ iov_base: 'void *', iov_len: 'size_t' });
  const msghdr = koffi.struct({
    msg_name: 'void *',
    msg_namelen: 'uint32_t',
    msg_iov: 'void *',
    msg_iovlen: 'size_t',
    msg_control: 'void *',
    msg_controllen: 'size_t',
    msg_flags: 'int',
  });
  const mmsghdr = koffi.struct({ msg_hdr: msghdr, msg_len: 'uint32_t' });
  const [vectorSize, headerSize] = [koffi.sizeof(iovec), koffi.sizeof(mmsghdr)];
  const [lengthOffset, flagsOffset] = [koffi.offsetof(mmsghdr, 'msg_len'), koffi.offsetof(msghdr, 'msg_flags')];

  return (count, room) => {
    const bytes = new DataView(new ArrayBuffer(count * room));
    const vectors = new DataView(new ArrayBuffer(count * vectorSize));
    const headers = new DataView(new ArrayBuffer(count * headerSize));
    for (let i = 0; i < count; i++) {
      const vector = { iov_base: koffi.address(bytes) + BigInt(i * room), iov_len: room };
      koffi.encode(vectors, i * vectorSize, iovec, vector);
      const header = { msg_iov: koffi.address(vectors) + BigInt(i * vectorSize), msg_iovlen: 1 };
      koffi.encode(headers, i * headerSize, mmsghdr, { msg_hdr: header, msg_len: 0 });
    }
    return {
      datagrams: count,
      bytes,
      vectors,
      headers,
      length: (i) => headers.getUint32(i * headerSize + lengthOffset, true),
      flags: (i) => headers.getUint32(i * headerSize + flagsOffset, true),
    };
  };
}

/** netdevice(7): a name of at most 15 bytes, then a union whose largest member is struct ifmap. */
function defineInterfaceRequest(koffi: Koffi): Libc['createInterfaceRequest'] {
  const [nameBytes, unionBytes] = [16, 24];
  return (name, data) => {
    const request = new DataView(new ArrayBuffer(nameBytes + unionBytes));
    Buffer.from(request.buffer).write(name, 0, nameBytes - 1);
    koffi.encode(request, nameBytes, 'void *', koffi.address(data));
    return request;
  };
}
