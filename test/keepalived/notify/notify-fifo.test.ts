import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenToNotifyFifo, type NotifyFifo } from '../../../src/keepalived/notify/notify-fifo.ts';
import { createLog } from '../../../src/log/log.ts';
import { logMessages } from '../../../src/log/messages.ts';
import { needs } from '../../needs.ts';

let folder: string;
let path: string;
let lines: string[];
let time: number;
let fifo: NotifyFifo | undefined;
let writer: number | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-exporter-fifo-'));
  path = join(folder, 'notify');
  lines = [];
  time = 1000;
});

afterEach(() => {
  fifo?.close();
  stopKeepalived();
  rmSync(folder, { recursive: true });
});

function listen(): NotifyFifo {
  const log = createLog({ level: 'info', format: 'json', write: (line) => lines.push(line) });
  fifo = listenToNotifyFifo({ path, log, checkMilliseconds: 5, now: () => time });
  return fifo;
}

function makeFifo(): void {
  execFileSync('mkfifo', [path]);
}

/** Opens the FIFO as keepalived does. */
function startKeepalived(): void {
  writer = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
}

function announce(text: string): void {
  if (writer === undefined) throw new Error('keepalived does not run');
  writeSync(writer, text);
}

function stopKeepalived(): void {
  if (writer !== undefined) closeSync(writer);
  writer = undefined;
}

/** By name: how often, and the last state with its priority and the seconds of the announcement and the transition. */
const seen = () =>
  fifo?.announcements().subjects.map(({ name, counts, state, priority, seconds, transitionSeconds }) => {
    const events = Object.entries(counts).map(([event, count]) => `${event} ${count}`);
    return `${name}: ${events.join(', ')}; ${state} ${priority} ${seconds} ${transitionSeconds}`;
  });
const expectSeen = (...expected: readonly string[]) => expect.poll(seen).toEqual(expected);
const logged = () => lines.map((line) => JSON.parse(line)).map(({ level, msg, problem }) => [level, msg, problem]);

const works = ['info', logMessages.fifoOpened, undefined];
const fails = (problem: string) => ['warn', logMessages.fifoFailed, problem];

describe('listenToNotifyFifo()', () => {
  it('counts announcements of instances and groups, and keeps the last one', async () => {
    makeFifo();
    startKeepalived();
    listen();
    announce('INSTANCE "VI_1" BACKUP 90\nGROUP "VI_1" BACKUP 0\n');
    await expectSeen('VI_1: backup 1; backup 90 1000 1000', 'VI_1: backup 1; backup 0 1000 1000');
    time = 1001;
    announce('INSTANCE "VI_1" MASTER 90\nINSTANCE "VI_1" BACKUP 90\n');
    await expectSeen('VI_1: backup 2, master 1; backup 90 1001 1001', 'VI_1: backup 1; backup 0 1000 1000');
    time = 1002;
    announce('INSTANCE "VI_1" BACKUP_PRIORITY 80\nGROUP "VI_1" BACKUP 0\n');
    await expectSeen(
      'VI_1: backup 2, master 1, backup_priority 1; backup 80 1002 1001',
      'VI_1: backup 2; backup 0 1002 1000',
    );
    expect(logged()).toEqual([works]);
  });

  it('has no transition where only a priority was announced', async () => {
    makeFifo();
    startKeepalived();
    listen();
    announce('INSTANCE "VI_1" MASTER_PRIORITY 80\n');
    await expectSeen('VI_1: master_priority 1; master 80 1000 0');
  });

  it('puts lines together that come in pieces', async () => {
    makeFifo();
    startKeepalived();
    listen();
    announce('INSTANCE "VI_');
    announce('1" MASTER 1');
    announce('00\nINSTANCE "VI_2" MAS');
    await expectSeen('VI_1: master 1; master 100 1000 1000');
    announce('TER 7\n');
    await expectSeen('VI_1: master 1; master 100 1000 1000', 'VI_2: master 1; master 7 1000 1000');
    expect(fifo?.announcements().malformedLines).toBe(0);
  });

  it('leaves out what was announced before it listened', async () => {
    makeFifo();
    startKeepalived();
    announce('INSTANCE "VI_1" MASTER 100\n');
    listen();
    announce('INSTANCE "VI_2" MASTER 100\n');
    await expectSeen('VI_2: master 1; master 100 1000 1000');
  });

  it('counts lines that are no announcements, and leaves out those of the checkers', async () => {
    makeFifo();
    startKeepalived();
    listen();
    announce(`moon\nVS [10.0.0.1]:tcp:80 UP\n${'x'.repeat(5000)}\nINSTANCE "VI_1" MASTER 100\n`);
    await expectSeen('VI_1: master 1; master 100 1000 1000');
    expect(fifo?.announcements().malformedLines).toBeGreaterThanOrEqual(2);
    // They are not counted, whatever they are.
    expect(JSON.stringify([fifo?.announcements(), lines])).not.toMatch(/moon|xxx/);
  });

  it('waits for a FIFO that is not there yet and reports it once', async () => {
    listen();
    expect(fifo?.announcements()).toEqual({ listening: false, subjects: [], malformedLines: 0 });
    makeFifo();
    await expect.poll(() => fifo?.announcements().listening).toBe(true);
    startKeepalived();
    announce('INSTANCE "VI_1" MASTER 100\n');
    await expectSeen('VI_1: master 1; master 100 1000 1000');
    expect(logged()).toEqual([fails(`ENOENT: no such file or directory, open '${path}'`), works]);
  });

  it('logs once that a file is not a FIFO', async () => {
    writeFileSync(path, 'INSTANCE "VI_1" MASTER 100\n');
    listen();
    const [problem] = logged();
    expect(logged()).toEqual([fails(expect.stringContaining(path))]);
    unlinkSync(path);
    await expect.poll(logged).toEqual([problem, fails(`ENOENT: no such file or directory, open '${path}'`)]);
    expect(fifo?.announcements()).toEqual({ listening: false, subjects: [], malformedLines: 0 });
  });

  it('follows no link, which may lead to the FIFO of another program', () => {
    makeFifo();
    renameSync(path, `${path}.other`);
    symlinkSync(`${path}.other`, path);
    expect(listen().announcements().listening).toBe(false);
    expect(logged()).toEqual([fails(expect.stringContaining('ELOOP'))]);
  });

  it("does not trust another user's FIFO in a folder where every user can make one", needs('root'), () => {
    makeFifo();
    chownSync(path, 65_534, 65_534);
    chmodSync(folder, 0o1777);
    expect(listen().announcements().listening).toBe(false);
    expect(logged()).toEqual([fails(expect.stringContaining('user 65534'))]);
  });

  it("reads another user's FIFO in a folder of its own, as the configuration may have it", needs('root'), () => {
    makeFifo();
    chownSync(path, 65_534, 65_534);
    expect(listen().announcements().listening).toBe(true);
  });

  it('hears a keepalived again that was restarted, and what it reported in between', async () => {
    makeFifo();
    startKeepalived();
    listen();
    announce('INSTANCE "VI_1" MASTER 100\nINSTANCE "VI_1" STOP 100\n');
    await expectSeen('VI_1: master 1, stop 1; stop 100 1000 1000');
    unlinkSync(path);
    stopKeepalived();
    makeFifo();
    startKeepalived();
    announce('INSTANCE "VI_1" BACKUP 100\n');
    await expectSeen('VI_1: master 1, stop 1, backup 1; backup 100 1000 1000');
  });

  it('hears a keepalived again that was killed and left the FIFO', async () => {
    makeFifo();
    startKeepalived();
    listen();
    announce('INSTANCE "VI_1" MASTER 100\nINSTANCE "VI_1" BAC');
    await expectSeen('VI_1: master 1; master 100 1000 1000');
    stopKeepalived();
    await expect.poll(() => fifo?.announcements().malformedLines).toBe(1);
    await expect.poll(() => fifo?.announcements().listening).toBe(true);
    startKeepalived();
    announce('INSTANCE "VI_1" BACKUP 100\n');
    await expectSeen('VI_1: master 1, backup 1; backup 100 1000 1000');
  });

  it('leaves a FIFO that was replaced before anybody wrote to it', async () => {
    makeFifo();
    listen();
    execFileSync('mkfifo', [`${path}.new`]);
    execFileSync('mv', [`${path}.new`, path]);
    startKeepalived();
    announce('INSTANCE "VI_1" MASTER 100\n');
    await expectSeen('VI_1: master 1; master 100 1000 1000');
  });
});
