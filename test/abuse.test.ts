import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closed, openConnection } from './connection.ts';
import { labRecordings } from './fixtures.ts';
import { type Program, startCollectingGarbage } from './program.ts';

let program: Program;
let port: number;

beforeAll(async () => {
  program = await startCollectingGarbage(`--replay=${labRecordings}/director1`);
  port = Number(/"address":"127\.0\.0\.1:(\d+)"/.exec(program.log())?.[1]);
  await program.ready();
});

afterAll(async () => {
  program.process.kill();
  await program.ended;
});

/** Sends bytes; gives the first line of the answer, or '' when the connection is closed without one. */
async function send(bytes: string): Promise<string> {
  const socket = await openConnection(port);
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
    if (answer.includes('\r\n')) socket.destroy();
  });
  socket.write(bytes);
  await closed(socket);
  return answer.split('\r\n')[0] ?? '';
}

async function openMany(count: number): Promise<Socket[]> {
  return Promise.all(Array.from({ length: count }, () => openConnection(port)));
}

async function scrape(): Promise<string> {
  const response = await program.get('/metrics');
  expect(response.status).toBe(200);
  return response.text();
}

const get = (path: string) => send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
const [ok, bad, notFound, notAllowed] = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 400 Bad Request',
  'HTTP/1.1 404 Not Found',
  'HTTP/1.1 405 Method Not Allowed',
];

describe('odd requests get one answer', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', bad],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00', bad],
    ['HTTP/1.1 without Host', 'GET /metrics HTTP/1.1\r\n\r\n', bad],
    ['two lengths', 'GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', bad],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      bad,
    ],
    ['a header with a NUL', 'GET /metrics HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n', bad],
    [
      'headers of 1 MB',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(2 ** 20)}\r\n\r\n`,
      'HTTP/1.1 431 Request Header Fields Too Large',
    ],
    ['another method', 'DELETE /metrics HTTP/1.1\r\nHost: a\r\n\r\n', notAllowed],
    ['a body', `POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc`, notAllowed],
  ])('%s', async (_what, bytes, expected) => {
    expect(await send(bytes)).toBe(expected);
    expect(await get('/-/healthy')).toBe(ok);
  });

  it.each([
    '/../etc/passwd',
    '/%2e%2e/etc/passwd',
    '/assets/..%2f..%2fpackage.json',
    '/metrics/../../package.json',
    '//metrics//x',
    '/metrics%00',
    `/${'a'.repeat(8000)}`,
    '/__proto__',
  ])('the path %.40s', async (path) => expect(await get(path)).toBe(notFound));

  it.each(['/%', '/%c0%ae'])('the path %s, which no text encodes to', async (path) => {
    expect(await get(path)).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  it('headers with line breaks in the path split no answer', async () => {
    expect(await get('/%0d%0aX-Injected:%201')).toBe(notFound);
  });
});

it('serves the next scrape while a thousand connections are open, and forgets them', async () => {
  const resident = (text: string) => Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / 2 ** 20;
  const before = resident(await scrape());
  const sockets = await openMany(1000);
  const during = resident(await scrape());
  for (const socket of sockets) socket.destroy();
  process.stdout.write(
    `1000 connections: ${before.toFixed(0)} MB resident before, ${during.toFixed(0)} MB with them\n`,
  );
  expect(during - before).toBeLessThan(100);
  await scrape();
});

it('closes connections that send their headers slowly, and serves others meanwhile', async () => {
  const sockets = await openMany(200);
  for (const socket of sockets) socket.resume().write('GET /metrics HTTP/1.1\r\nHost: a\r\n');
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('X: y\r\n');
  }, 500);
  try {
    const allClosed = Promise.all(sockets.map(closed));
    await scrape();
    await allClosed;
  } finally {
    clearInterval(drip);
  }
});
