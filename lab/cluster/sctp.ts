import { repository } from './folders.ts';
import type { Node } from './node.ts';

/** Node has no sockets of this kind. */
const connector = `
  const [AF_INET, SOCK_STREAM, IPPROTO_SCTP, ECONNREFUSED] = [2, 1, 132, 111];
  const [host, port] = process.argv.slice(1);
  const koffi = require('${repository}/node_modules/koffi');
  const library = koffi.load(null);
  const socket = library.func('int socket(int domain, int type, int protocol)');
  const connect = library.func('int connect(int fd, const void *address, uint32_t length)');
  const address = new DataView(new ArrayBuffer(16));
  address.setUint16(0, AF_INET, true);
  address.setUint16(2, Number(port));
  host.split('.').forEach((part, index) => address.setUint8(4 + index, Number(part)));
  const descriptor = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
  if (connect(descriptor, address, address.byteLength) === 0 || koffi.errno() !== ECONNREFUSED)
    throw new Error('connect ' + host + ': errno ' + koffi.errno())`;

/** Opens one SCTP connection, which must be refused. */
export async function connectBySctp(from: Node, { address, port }: { address: string; port: number }): Promise<void> {
  await from.run(process.execPath, ['-e', connector, address, String(port)]);
}
