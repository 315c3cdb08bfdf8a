import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createLineWriter } from '../../src/log/line-writer.ts';
import type { Log } from '../../src/log/log.ts';
import { logMessages } from '../../src/log/messages.ts';
import { limitRepeats } from '../../src/log/repeats.ts';
import { labRecordings } from '../fixtures.ts';
import { onSystemdSocket, openListeningSocket, startProgram } from '../program.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Starts the program with this standard error, waits until it answers, and ends it. */
async function answersWithLog(stderr: number | 'closed pipe'): Promise<number | null> {
  // It cannot report on which port it listens.
  const { port, descriptor, close } = await openListeningSocket();
  const words = [main, '--web.systemd-socket', `--replay=${labRecordings}/director1`, '--log.level=debug'];
  const child = spawn('sh', ['-c', onSystemdSocket, process.execPath, ...words], {
    stdio: ['ignore', 'ignore', stderr === 'closed pipe' ? 'pipe' : stderr, descriptor],
  });
  close();
  child.stderr?.destroy();
  const ended = once(child, 'close');
  expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(200);
  child.kill();
  const [code] = await ended;
  return code;
}

describe('a log that cannot be written ends nothing', () => {
  it('a full disk', async () => {
    expect(await answersWithLog(openSync('/dev/full', 'w'))).toBe(0);
  });

  it('a reader that has gone', async () => {
    expect(await answersWithLog('closed pipe')).toBe(0);
  });
});

it('a reader that does not read costs lines, not memory', async () => {
  const written: string[] = [];
  const release: (() => void)[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      release.push(done);
    },
  });
  const write = createLineWriter(stream, (count) => `${count} dropped\n`);
  const line = `${'x'.repeat(1023)}\n`;
  for (let n = 0; n < 1000; n++) write(line);
  expect(stream.writableLength).toBeLessThan(2 ** 19);
  while (stream.writableLength > 0) {
    release.shift()?.();
    await setImmediate();
  }
  write('after\n');
  release.shift()?.();
  await setImmediate();
  const dropped = Number(written.at(-2)?.split(' ')[0]);
  expect(written.at(-1)).toBe('after\n');
  expect(written.filter((text) => text === line)).toHaveLength(1000 - dropped);
});

it('of 2,000 lines with one message in three seconds, 30 are written, and their number is', () => {
  const lines: string[] = [];
  const keep = (_fields: object, message: string) => lines.push(message);
  const log: Log = { debug: keep, info: keep, warn: (fields) => lines.push(JSON.stringify(fields)), error: keep };
  let nowMs = 0;
  const limited = limitRepeats(log, () => nowMs);
  for (let n = 0; n < 2000; n++) limited.error({ n }, logMessages.requestFailed);
  expect(lines).toHaveLength(30);
  limited.info({}, logMessages.recorded);
  expect(lines).toHaveLength(31);
  nowMs = 60_000;
  limited.error({}, logMessages.requestFailed);
  expect(lines.slice(31)).toEqual([
    JSON.stringify({ message: logMessages.requestFailed, lines: 1970 }),
    logMessages.requestFailed,
  ]);
});

it('40 faults of one kind in a running program are 30 lines at most', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-log-'));
  const file = join(folder, 'web.yml');
  writeFileSync(file, '');
  const program = await startProgram(`--web.config.file=${file}`, `--replay=${labRecordings}/director1`);
  try {
    for (let n = 0; n < 40; n++) {
      writeFileSync(file, `unknown_key_${n}: 1\n`);
      expect((await program.get('/-/healthy')).status).toBe(500);
    }
    writeFileSync(file, '');
    expect((await program.get('/metrics')).status).toBe(200);
  } finally {
    program.process.kill();
    await program.ended;
    rmSync(folder, { recursive: true });
  }
  const lines = program.log().split('\n');
  const failed = lines.filter((line) => line.includes(logMessages.webConfigFailed) && line.includes('unknown_key'));
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.length).toBeLessThanOrEqual(30);
});
