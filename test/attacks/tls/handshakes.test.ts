import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closed } from '../../connection.ts';
import { certificates, createTlsFolder, getStatus, pair, type TlsFolder } from './server.ts';

let tls: TlsFolder;
let sockets: Socket[];

beforeEach(() => {
  tls = createTlsFolder();
  sockets = [];
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await tls.remove();
});

function keep<S extends Socket>(socket: S): S {
  sockets.push(socket);
  socket.on('error', () => undefined).resume();
  return socket;
}

async function connectSecurely(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const ca = readFileSync(join(certificates, 'ca.pem'));
  const socket = keep(tlsConnect({ host: '127.0.0.1', port, ca, ...options }));
  await once(socket, 'secureConnect');
  return socket;
}

const halfHello = Buffer.from('1603010200010001fc0303', 'hex');

it('handshakes that stop, that drip, and connections that then ask nothing are all given up', async () => {
  const port = await tls.serveWith(tls.configure(pair));
  const ends: Promise<unknown>[] = [];
  for (let n = 0; n < 100; n++) {
    const socket = keep(connect(port, '127.0.0.1'));
    ends.push(closed(socket));
    socket.write(n % 2 ? halfHello : halfHello.subarray(0, n % 11));
  }
  const drip = keep(connect(port, '127.0.0.1'));
  ends.push(closed(drip));
  drip.write(halfHello);
  const drops = setInterval(() => drip.write('\0'), 200);
  try {
    const silent = await connectSecurely(port);
    const slow = await connectSecurely(port);
    slow.write('GET / HTTP/1.1\r\nHost: a\r\n');
    ends.push(closed(silent), closed(slow));
    await Promise.all(ends);
  } finally {
    clearInterval(drops);
  }
  expect(await getStatus(port)).toBe(200);
  // Node.js itself gives them up after 120 s.
}, 100_000);

it('a connection is not negotiated again', async () => {
  const port = await tls.serveWith(tls.configure(pair));
  const socket = await connectSecurely(port, { maxVersion: 'TLSv1.2' });
  const outcome = await new Promise((done) => {
    socket.on('error', ({ message }) => done(message)).on('close', () => done('closed'));
    socket.renegotiate({}, (error) => done(error ? error.message : 'negotiated again'));
  });
  expect(outcome).not.toBe('negotiated again');
  expect(await getStatus(port)).toBe(200);
});
