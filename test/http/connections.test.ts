import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, get as getPlain, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, get as getSecurely } from 'node:https';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { limitConnections } from '../../src/http/connections.ts';

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
  server = limitConnections(
    create((_request, response) => waiting.push(response)),
    max,
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** Opens connections that ask nothing, one after the other. */
async function openIdle(port: number, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const socket = connect(port, '127.0.0.1')
      .on('error', () => undefined)
      .resume();
    sockets.push(socket);
    await once(socket, 'connect');
  }
}

describe.each(['http', 'https'] as const)('connections beyond the limit, over %s', (kind) => {
  it('close those that are quiet, not the one that waits for its answer', async () => {
    const port = await start(kind);
    const asked = kinds[kind].get({ port, host: '127.0.0.1', rejectUnauthorized: false });
    const answered = once(asked, 'response');
    await expect.poll(() => waiting.length).toBe(1);
    await openIdle(port, 5 * max);
    await expect.poll(() => sockets.filter((socket) => !socket.closed).length).toBeLessThan(max);
    waiting[0]?.end();
    const [answer] = await answered;
    expect(answer.statusCode).toBe(200);
  });
});
