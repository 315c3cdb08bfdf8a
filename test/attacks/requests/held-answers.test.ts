import { once } from 'node:events';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBody } from '../../../src/http/body.ts';
import { maxPageRequests } from '../../../src/http/request-limit.ts';
import { type Collect, createScrapes } from '../../../src/http/scrapes.ts';
import { createLog } from '../../../src/log/log.ts';
import { createWatch } from '../../../src/page/watch.ts';
import { gauge, type Sample, sample } from '../../../src/scrape/metric.ts';
import { createApp } from '../../../src/server.ts';

/** More than the kernel takes for a client that does not read. */
const answerBytes = 16 * 2 ** 20;

const info = gauge('lvs_test_info', 'Long labels.', ['text']);
const labelBytes = 2 ** 15;
const samples: readonly Sample[] = Array.from({ length: answerBytes / labelBytes }, (_, n) =>
  sample(info, 1, { text: `${n} ${'x'.repeat(labelBytes)}` }),
);

const maxRequests = 2;
const folder = mkdtempSync(join(tmpdir(), 'lvs-held-'));
const sockets: Socket[] = [];
let server: Server;
let port: number;

beforeAll(async () => {
  writeFileSync(join(folder, 'large.html'), '');
  truncateSync(join(folder, 'large.html'), answerBytes);
  const files = { assets: folder, docs: folder };
  const log = createLog({ level: 'error', format: 'json', write: () => undefined });
  const collect: Collect = async () => samples;
  const watch = createWatch({ collect: async () => [], version: '1', now: () => 0 });
  const app = createApp({ collect, collectors: [], isReady: () => true, watch, files, maxRequests, log });
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' ? (address?.port ?? 0) : 0;
});

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

/** Clients that take the beginning of an answer alone. */
async function hold(path: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await once(socket, 'readable');
  }
}

async function getStatus(path: string): Promise<number> {
  const { status, body } = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { 'Accept-Encoding': 'identity' },
  });
  await body?.cancel();
  return status;
}

it('clients that take no answer are given up, and others get theirs', async () => {
  const paths = [
    ['/metrics', maxRequests],
    ['/docs/large.html', maxPageRequests],
  ] as const;
  for (const [path, count] of paths) await hold(path, count);
  for (const [path] of paths) expect([path, await getStatus(path)]).toEqual([path, 503]);
  for (const [path] of paths) await expect.poll(() => getStatus(path)).toBe(200);
});

it('1,000 scrapes at once share one collection and one text in each format', async () => {
  let collections = 0;
  const scrape = createScrapes(async () => {
    collections++;
    return [];
  });
  const scrapes = await Promise.all(Array.from({ length: 1000 }, () => scrape(1000, undefined)));
  expect(collections).toBe(1);
  expect(new Set(scrapes.map((one) => one.body('text'))).size).toBe(1);
  const body = createBody('a');
  expect(body.compressed()).toBe(body.compressed());
  expect(body.plain()).toBe(body.plain());
  await body.compressed();
});
