import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, get as getPlain, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, get as getSecurely } from 'node:https';
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createConnectionLimit } from '../../src/http/connections.ts';

const read = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
const max = 8;

const kinds = {
  http: { create: (app: RequestListener) => createServer(app), get: getPlain },
  https: {
    create: (app: RequestListener) => createSecureServer({ cert: read('server.pem'), key: read('server.key') }, app),
    get: getSecurely,
  },
} as const;

let waiting: ServerResponse[];
let sockets: Socket[];
let server: ReturnType<(typeof kinds)[keyof typeof kinds]['create']>;

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
  server.closeAllConnections();
});

async function start(kind: keyof typeof kinds): Promise<number> {
  [waiting, sockets] = [[], []];
  const { create } = kinds[kind];
  server = createConnectionLimit(max)(create((_request, response) => waiting.push(response))).listen(0, '0.0.0.0');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function openIdle(options: TcpNetConnectOpts): Promise<Socket> {
  const socket = connect(options)
    .on('error', () => undefined)
    .resume();
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Opens connections that ask nothing, one after the other. */
async function openManyIdle(port: number, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await openIdle({ port, host: '127.0.0.1' });
}

const countOpen = () => sockets.filter((socket) => !socket.closed).length;

describe.each(['http', 'https'] as const)('connections beyond the limit, over %s', (kind) => {
  it('close those that are quiet, not the one that waits for its answer', async () => {
    const port = await start(kind);
    const asked = kinds[kind].get({ port, host: '127.0.0.1', rejectUnauthorized: false });
    const answered = once(asked, 'response');
    await expect.poll(() => waiting.length).toBe(1);
    await openManyIdle(port, 5 * max);
    await expect.poll(countOpen).toBeLessThan(max);
    waiting[0]?.end();
    const [answer] = await answered;
    expect(answer.statusCode).toBe(200);
  });
});

it('counts connections from one port to several addresses of this machine', async () => {
  const port = await start('http');
  for (let n = 0; n < 3 * max; n++) {
    const { localPort } = await openIdle({ port, host: '127.0.0.1', localAddress: '127.0.0.1' });
    if (localPort === undefined) continue;
    await openIdle({ port, host: '127.0.0.2', localAddress: '127.0.0.1', localPort });
  }
  await expect.poll(countOpen).toBeLessThanOrEqual(max);
});

it('counts those of all servers together', async () => {
  [waiting, sockets] = [[], []];
  const limit = createConnectionLimit(max);
  server = limit(createServer()).listen(0, '127.0.0.1');
  const other = limit(createServer()).listen(0, '127.0.0.1');
  await Promise.all([once(server, 'listening'), once(other, 'listening')]);
  for (const one of [server, other]) {
    const address = one.address();
    if (typeof address === 'object' && address) await openManyIdle(address.port, max);
  }
  await expect.poll(countOpen).toBeLessThanOrEqual(max);
  other.close();
  other.closeAllConnections();
});
