import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { geteuid } from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readVrrpDumps } from '../../../src/collectors/keepalived/reading.ts';
import type { DumpKind } from '../../../src/host/host.ts';
import { type DumpFile, readDumpFile, readDumpOf } from '../../../src/keepalived/dump/dump-file.ts';
import type { Daemon } from '../../../src/keepalived/process/daemon.ts';
import { readProcess } from '../../../src/keepalived/process/process.ts';
import { parseKeepalivedCheck } from '../../../src/parsers/keepalived/checkers/check.ts';
import { parseKeepalivedData } from '../../../src/parsers/keepalived/data.ts';
import { parseKeepalivedStats } from '../../../src/parsers/keepalived/stats.ts';
import { memoryDirectory } from '../../memory-directory.ts';
import { readCheckFixture } from '../check-fixtures.ts';
import { readDump } from '../fixtures.ts';

/**
 * Writes a text again and again as keepalived does: it empties the file, writes it piece by piece and closes it. It rests
 * after each piece, and longer after the last.
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

interface EndlessDump {
  readonly kind: DumpKind;
  readonly text: string;
  /** Where pieces begin. So what is there has the form of a whole dump all the time. */
  readonly pieces: RegExp;
  readonly parse: (text: string) => unknown;
}

/** Those that have no mark at their end. */
const dumps: readonly EndlessDump[] = [
  {
    kind: 'check',
    text: readCheckFixture('2.2.7', 'keepalived_check.data'),
    pieces: /(?=^ (?:------< Virtual server >|\S.* -> ))|(?=^ {3}------< Real server >)/m,
    parse: parseKeepalivedCheck,
  },
  {
    kind: 'data',
    text: readDump('1.3.5', 'data'),
    pieces: /(?=^ VRRP Instance = )|(?=^------< VRRP Sync groups)/m,
    parse: parseKeepalivedData,
  },
  {
    kind: 'stats',
    text: readDump('2.2.7/master', 'stats'),
    pieces: /(?=^VRRP Instance: )/m,
    parse: parseKeepalivedStats,
  },
];

let folder: string;
let path: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(memoryDirectory, 'lvs-exporter-dump-'));
  path = join(folder, 'dump');
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

/** A keepalived that writes such a dump by this process. */
function daemonWith(pid: number | undefined, kind: DumpKind): Pick<Daemon, 'user' | 'vrrp' | 'others'> {
  const parent = pid === undefined ? undefined : readProcess('/proc', pid);
  if (!parent) throw new Error('Cannot start the writer');
  const children = kind === 'check' ? { vrrp: undefined, others: [parent] } : { vrrp: parent, others: [] };
  return { user: geteuid?.() ?? 0, ...children };
}

const isWhole = (file: DumpFile | undefined) => file !== undefined && file.problem === undefined;

describe.each(dumps)('readDumpOf() of a dump without a mark at its end: $kind', ({ kind, text, pieces, parse }) => {
  it('never gives a part of it in 3,000 readings while it is written', async () => {
    const parts = text.split(pieces);
    expect(parts.length).toBeGreaterThan(3);
    expect(parse(parts.slice(0, -1).join(''))).not.toEqual(parse(text));
    child = spawn(process.execPath, ['-e', writer, path, JSON.stringify(parts)], { stdio: 'ignore' });
    const daemon = daemonWith(child.pid, kind);
    await expect.poll(() => readDumpOf('/proc', daemon, kind, path)).toSatisfy(isWhole);
    const given = new Set<string>();
    const writings = new Set<string>();
    for (let count = 0; count < 3000; count++) {
      const file = await readDumpOf('/proc', daemon, kind, path);
      if (!file || file.problem !== undefined) continue;
      given.add(file.dump.text);
      writings.add(file.writing);
    }
    expect([...given].map(parse)).toEqual([parse(text)]);
    expect(writings.size).toBeGreaterThan(10);
  });

  it('gives nothing while keepalived has it open, whatever it looks like', async () => {
    writeFileSync(path, text);
    const hold = `require('node:fs').openSync(process.argv[1], 'a'); process.stdout.write('open'); setTimeout(() => {}, 60000)`;
    child = spawn(process.execPath, ['-e', hold, path], { stdio: ['ignore', 'pipe', 'ignore'] });
    if (child.stdout) await once(child.stdout, 'data');
    const daemon = daemonWith(child.pid, kind);
    expect(await readDumpOf('/proc', daemon, kind, path)).toBeUndefined();
    expect(await readDumpOf('/proc', { ...daemon, vrrp: undefined, others: [] }, kind, path)).toSatisfy(isWhole);
  });
});

it('parses a dump once: a collector gets what was parsed to see whether the dump is whole', async () => {
  const text = readDump('2.4.3', 'json');
  writeFileSync(path, text);
  const parse = vi.spyOn(JSON, 'parse');
  const file = await readDumpFile('json', path, [geteuid?.() ?? 0]);
  for (let scrape = 0; scrape < 3; scrape++) readVrrpDumps(file ? { json: file.dump } : {});
  expect(parse).toHaveBeenCalledTimes(1);
  parse.mockRestore();
});
