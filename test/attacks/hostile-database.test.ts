import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readOpenVSwitch } from '../../src/host/ovsdb.ts';
import { parseOpenVSwitch } from '../../src/parsers/openstack/open-vswitch.ts';
import { anonymizeOpenVSwitch } from '../../src/recording/anonymize-open-vswitch.ts';
import { plants } from './files/plants.ts';

let folder: string;
let path: string;
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-database-'));
  path = join(folder, 'db.sock');
});

afterEach(() => {
  vi.useRealTimers();
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** Asks a socket on which `answer` is all that happens. */
async function ask(answer: (socket: Socket) => void): Promise<string> {
  const listening = createServer((socket) => answer(socket.on('error', () => undefined)));
  server = listening;
  await new Promise<void>((resolve) => listening.listen(path, resolve));
  return await readOpenVSwitch(path);
}

const start = '{"id":0,"error":null,"result":[';
const row = '{"name":"a","type":"","external_ids":["map",[["iface-id","1"]]]},';

const endless: readonly (readonly [string, string, string])[] = [
  ['arrays in one another', '[', 'expected at most 64 arrays and objects in one another'],
  ['objects in one another', '{"a":', 'expected at most 64 arrays and objects in one another'],
  ['arrays with nothing in them', '[],', 'expected at most 1048576 values'],
  ['numbers', '1,', 'expected at most 1048576 values'],
  ['names', '"a":1,', 'expected at most 1048576 values'],
  ['rows', row, 'expected at most 1048576 values'],
  ['a text', ' ', 'expected at most 16777216 characters'],
];

describe('an answer of Open vSwitch without an end is refused early:', () => {
  it.each(endless)('%s', async (_what, piece, problem) => {
    // How far it comes on a busy machine is not the question.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const part = piece.repeat(2 ** 16);
    let sent = 0;
    const asked = ask((socket) => {
      const flood = () => {
        while (socket.writable && socket.write(part)) sent += part.length;
      };
      socket.on('drain', flood).write(start);
      flood();
    });
    await expect(asked).rejects.toThrow(`${path}: `);
    await expect(asked).rejects.toThrow(problem);
    expect(sent).toBeLessThan(2 ** 27);
  });
});

describe('an answer of Open vSwitch that is too much costs nothing where it is in a recording, or gets into one:', () => {
  it.each(endless.slice(0, -1))('%s', (_what, piece, problem) => {
    const text = `${start}${piece.repeat(2 ** 20)}`;
    expect(() => parseOpenVSwitch(text)).toThrow(problem);
    expect(anonymizeOpenVSwitch(text)).toBe('');
  });
});

it('a database that gives a byte now and then has 5 s in all', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let bytes = 0;
  const asked = ask((socket) => {
    const drip = () => {
      if (!socket.writable) return;
      bytes++;
      vi.advanceTimersByTime(100);
      socket.write(' ', () => setImmediate(drip));
    };
    socket.write(start, drip);
  });
  await expect(asked).rejects.toMatchObject({ code: 'ETIMEDOUT', message: `${path}: no answer within 5 s` });
  expect(bytes).toBe(50);
});

it.each(plants)('%s in place of the socket of Open vSwitch is refused at once', async (_what, plant) => {
  plant(path);
  await expect(readOpenVSwitch(path)).rejects.toThrow(path);
});
