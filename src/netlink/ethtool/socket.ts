import { closeSync } from 'node:fs';
import { inThread } from '../caller.ts';
import { type Libc, loadLibc } from '../libc.ts';
import { inNamespace } from '../namespace.ts';
import { systemError } from '../system-error.ts';
import { layout } from './statistics.ts';

export interface InterfaceSocket {
  /**
   * Sends a command of ethtool in `length` bytes, which `prepare` may fill, and resolves to them as the kernel has
   * answered.
   */
  ask(name: string, command: number, length: number, prepare?: (bytes: DataView) => void): Promise<DataView>;
}

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0x80000;
const SIOCETHTOOL = 0x8946;

/** Any socket will do. The service may make those of netlink alone. */
export async function withInterfaces<T>(
  namespace: string | undefined,
  use: (socket: InterfaceSocket) => Promise<T>,
): Promise<T> {
  const libc = await loadLibc();
  const open = () => libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
  const descriptor = namespace === undefined ? open() : inNamespace(libc, namespace, open);
  if (descriptor < 0) throw systemError('socket', libc.errno());
  try {
    return await use({
      async ask(name, command, length, prepare) {
        const bytes = new DataView(new ArrayBuffer(length));
        bytes.setUint32(0, command, layout.isLittleEndian);
        prepare?.(bytes);
        await ask(libc, descriptor, name, bytes);
        return bytes;
      },
    });
  } finally {
    closeSync(descriptor);
  }
}

/** In another thread: a driver may have to ask its device. */
async function ask(libc: Libc, descriptor: number, name: string, bytes: DataView): Promise<void> {
  const request = libc.createInterfaceRequest(name, bytes);
  const result = await inThread(libc)(libc.ioctl, descriptor, SIOCETHTOOL, request);
  if (result < 0) throw systemError('ioctl', -result, `ethtool of ${name}`);
}
