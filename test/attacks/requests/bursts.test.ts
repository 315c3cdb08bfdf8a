import { once } from 'node:events';
import { get } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed, openConnection } from '../../connection.ts';
import { labRecordings } from '../../fixtures.ts';
import { needs } from '../../needs.ts';
import { type Program, startProgram, startWithLimit } from '../../program.ts';

let program: Program;

beforeAll(async () => {
  program = await startProgram(`--replay=${labRecordings}/director1`);
  await program.ready();
});

afterAll(async () => {
  program.process.kill();
  await program.ended;
});

async function residentBytes({ get }: Program): Promise<number> {
  const text = await (await get('/metrics')).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]);
}

/** In a connection of its own: one that was kept open may be among those that are closed. */
async function scrapeAnew({ address }: Program): Promise<number | undefined> {
  const [answer] = await once(
    get({ port: address.port, host: '127.0.0.1', path: '/metrics', agent: false }),
    'response',
  );
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode;
}

const request = 'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n';

it('1,500 scrapes in one connection: it is closed at once, and the next scrape is answered', async () => {
  const before = await residentBytes(program);
  const socket = await openConnection(program.address.port);
  let answers = 0;
  socket.setEncoding('latin1').on('data', (text: string) => {
    answers += text.split('HTTP/1.1 ').length - 1;
  });
  socket.write(request.repeat(1500));
  await closed(socket);
  // Of those that were under way at most.
  expect(answers).toBeLessThan(10);
  expect((await program.get('/metrics')).status).toBe(200);
  expect((await residentBytes(program)) - before).toBeLessThan(100 * 2 ** 20);
});

it('1,000 scrapes at once: each is answered or refused, and the next one is answered', async () => {
  const before = await residentBytes(program);
  const answers = await Promise.all(Array.from({ length: 1000 }, () => program.get('/metrics')));
  const statuses = new Set(answers.map(({ status }) => status));
  await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(statuses).toContain(200);
  expect((await program.get('/metrics')).status).toBe(200);
  expect((await residentBytes(program)) - before).toBeLessThan(200 * 2 ** 20);
});

it('700 connections that stay open at 512 descriptors: the next scrape is answered', needs('prlimit'), async () => {
  const limited = await startWithLimit('--nofile=512', `--replay=${labRecordings}/director1`);
  const sockets: Socket[] = [];
  try {
    await limited.ready();
    for (let n = 0; n < 700; n++) {
      const socket = (await openConnection(limited.address.port)).resume();
      socket.write('GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n');
      sockets.push(socket);
    }
    for (let n = 0; n < 10; n++) expect(await scrapeAnew(limited)).toBe(200);
  } finally {
    for (const socket of sockets) socket.destroy();
    limited.process.kill();
    await limited.ended;
  }
});
