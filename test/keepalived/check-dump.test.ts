import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Daemon } from '../../src/keepalived/daemon.ts';
import { type DumpFile, readDumpOf } from '../../src/keepalived/dump-file.ts';
import { readProcess } from '../../src/keepalived/process.ts';
import { parseKeepalivedCheck } from '../../src/parsers/keepalived-check.ts';
import { readCheckFixture, recordedServers } from './check-fixtures.ts';

/**
 * Writes a text again and again as keepalived does: it empties the file, writes it piece by piece and closes it. Each
 * piece ends where a virtual server, a real server or a checker does, so that what is there has the form of a whole dump
 * all the time. It rests after each piece, and longer after the last.
 */
const writer = `
const { closeSync, openSync, writeSync } = require('node:fs');
const pieces = JSON.parse(process.argv[2]);
const rest = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
for (;;) {
  const file = openSync(process.argv[1], 'w');
  for (const piece of pieces) {
    writeSync(file, piece);
    rest(0.05);
  }
  closeSync(file);
  rest(10);
}`;

const text = readCheckFixture('2.2.7', 'keepalived_check.data');
const pieces = text.split(/(?=^ (?:------< Virtual server >|\S.* -> ))|(?=^ {3}------< Real server >)/m);

let folder: string;
let path: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-check-'));
  path = join(folder, 'keepalived_check.data');
});

afterEach(async () => {
  if (child) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  child = undefined;
  rmSync(folder, { recursive: true });
});

/** A keepalived whose checkers have this process. */
async function daemonWith(pid: number | undefined): Promise<Daemon> {
  const process = pid === undefined ? undefined : await readProcess('/proc', pid);
  if (!process) throw new Error('Cannot start the writer');
  return { parent: process, vrrp: undefined, others: [process], configuration: { file: '', id: '' } };
}

const isWhole = (file: DumpFile | undefined) => file !== undefined && file.problem === undefined;

it('readDumpOf() never gives a part of a dump in 10,000 readings while it is written', async () => {
  expect(pieces.length).toBeGreaterThan(40);
  expect(parseKeepalivedCheck(pieces.slice(0, -1).join(''))).not.toEqual(parseKeepalivedCheck(text));
  child = spawn(process.execPath, ['-e', writer, path, JSON.stringify(pieces)], { stdio: 'ignore' });
  const daemon = await daemonWith(child.pid);
  await expect.poll(() => readDumpOf('/proc', daemon, 'check', path), { timeout: 20_000 }).toSatisfy(isWhole);
  const given = new Map<string, number>();
  const writings = new Set<string>();
  for (let count = 0; count < 10_000; count++) {
    const file = await readDumpOf('/proc', daemon, 'check', path);
    if (!file || file.problem !== undefined) continue;
    given.set(file.text, (given.get(file.text) ?? 0) + 1);
    writings.add(file.writing);
  }
  expect(given.size).toBe(1);
  const [only = ''] = given.keys();
  expect(parseKeepalivedCheck(only).virtualServers).toEqual(recordedServers);
  expect(writings.size).toBeGreaterThan(10);
}, 300_000);

it('readDumpOf() gives nothing while the checkers have the dump open, whatever it looks like', async () => {
  writeFileSync(path, text);
  const hold = `require('node:fs').openSync(process.argv[1], 'a'); process.stdout.write('open'); setInterval(() => {}, 1000)`;
  child = spawn(process.execPath, ['-e', hold, path], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (child.stdout) await once(child.stdout, 'data');
  const daemon = await daemonWith(child.pid);
  expect(await readDumpOf('/proc', daemon, 'check', path)).toBeUndefined();
  expect(await readDumpOf('/proc', { ...daemon, others: [] }, 'check', path)).toSatisfy(isWhole);
});
