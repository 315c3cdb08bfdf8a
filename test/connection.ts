import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection whose errors are not thrown: a test sees them as its close. */
export async function openConnection(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Resolves at the end of a connection, at a reset as well: a server that closes with bytes unread resets it. */
export async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}
