import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openConnection } from '../../connection.ts';
import { labRecordings } from '../../fixtures.ts';
import { type Program, startProgram } from '../../program.ts';

let program: Program;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  program = await startProgram(`--replay=${labRecordings}/director1`);
  await program.ready();
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  program.process.kill();
  expect(await program.ended).toBe(0);
});

async function open(): Promise<Socket> {
  const socket = await openConnection(program.address.port);
  sockets.push(socket);
  return socket;
}

const descriptors = () => readdirSync(`/proc/${program.process.pid}/fd`).length;

async function residentBytes(): Promise<number> {
  const text = await (await program.get('/metrics')).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]);
}

const page = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n`;

it('1,300 documents in one connection that never reads: it is closed, and no file stays open', async () => {
  const before = descriptors();
  for (let n = 0; n < 5; n++) {
    const socket = await open();
    socket.pause();
    socket.write(page('/docs/metrics.html').repeat(1300));
  }
  expect((await program.get('/metrics')).status).toBe(200);
  await expect.poll(descriptors).toBeLessThan(before + 50);
});

it('600 clients that take no document: others get theirs or 503, and scrapes go on', async () => {
  const before = await residentBytes();
  for (let n = 0; n < 600; n++) {
    const socket = await open();
    socket.pause();
    socket.write(page('/docs/metrics.html').repeat(4));
  }
  for (let n = 0; n < 5; n++) expect((await program.get('/metrics')).status).toBe(200);
  expect([200, 503]).toContain((await program.get('/docs/metrics.html')).status);
  expect((await residentBytes()) - before).toBeLessThan(150 * 2 ** 20);
  // Those who do not take their answer are given up.
  await expect.poll(async () => (await program.get('/docs/metrics.html')).status).toBe(200);
});
